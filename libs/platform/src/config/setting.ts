import 'reflect-metadata';

/** What the table in docs/configuration.md says of one environment variable. */
export interface SettingDoc {
  /** The class member it fills. */
  property: string;
  /** The environment variable. */
  name: string;
  description: string;
  /** As printed; absent: no default. */
  default?: string;
  /** Where the cluster profile has another. */
  clusterDefault?: string;
  /** Holds a credential, or may: its value is in no message. */
  secret: boolean;
  /** Turns the text into the member's value; the validator then judges the value. */
  parse: (text: string) => unknown;
}

const SETTINGS = Symbol('settings');

/** Fills the member from an environment variable; an empty variable counts as unset. */
export const Setting =
  (
    name: string,
    description: string,
    options: { default?: string; clusterDefault?: string; secret?: boolean; parse?: (text: string) => unknown } = {},
  ): PropertyDecorator =>
  (target, property) => {
    const known = (Reflect.getOwnMetadata(SETTINGS, target) as SettingDoc[] | undefined) ?? [];
    const { default: byDefault, clusterDefault, secret = false, parse = (text: string): unknown => text } = options;
    Reflect.defineMetadata(
      SETTINGS,
      [
        ...known,
        {
          property: String(property),
          name,
          description,
          parse,
          secret,
          ...(byDefault !== undefined && { default: byDefault }),
          ...(clusterDefault !== undefined && { clusterDefault }),
        },
      ],
      target,
    );
  };

/** The settings of a configuration class, in the order they are written. */
export const settingsOf = (type: new () => object): readonly SettingDoc[] =>
  (Reflect.getOwnMetadata(SETTINGS, type.prototype as object) as SettingDoc[] | undefined) ?? [];
