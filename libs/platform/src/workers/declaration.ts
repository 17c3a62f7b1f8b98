import 'reflect-metadata';
import type { Projector, ReactorOptions } from '#projections';

/** How a reactor is declared; what it stands on comes from the platform. */
export type ReactionOptions = Pick<ReactorOptions, 'name' | 'handles' | 'knows' | 'batchSize' | 'from'>;

export interface ReceiverOptions {
  /** Named group, without the installation's prefix: its members, in any process, divide the partitions of the topic. */
  group: string;
  /** Records of one call at most; default 500. */
  batchSize?: number;
}

/** What a method of a controller works on in the background. */
export type Declaration =
  | { kind: 'read-model'; projector: Projector }
  | { kind: 'reactor'; options: ReactionOptions }
  | { kind: 'receiver'; topic: string; options: ReceiverOptions };

const DECLARATION = Symbol('lotline:works-on');

export const declare = (method: object, declaration: Declaration): void =>
  Reflect.defineMetadata(DECLARATION, declaration, method);

/** What the methods of a controller class declare; read without Nest too, by the operator's tools. */
export const declarationsOf = (controller: { prototype: object }): Declaration[] => {
  const found: Declaration[] = [];
  for (let proto = controller.prototype; proto !== Object.prototype; proto = Object.getPrototypeOf(proto) as object)
    for (const { value } of Object.values(Object.getOwnPropertyDescriptors(proto))) {
      if (typeof value !== 'function') continue;
      const declared = Reflect.getOwnMetadata(DECLARATION, value as object) as Declaration | undefined;
      if (declared) found.push(declared);
    }
  return found;
};

/** Unique in a process; the pattern Nest knows the handler by. */
export const patternOf = (declaration: Declaration): string => {
  if (declaration.kind === 'read-model')
    return `read-model ${declaration.projector.name} v${declaration.projector.version}`;
  if (declaration.kind === 'reactor') return `reactor ${declaration.options.name}`;
  return `topic ${declaration.topic} group ${declaration.options.group}`;
};
