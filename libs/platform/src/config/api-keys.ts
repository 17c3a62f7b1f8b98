import { ArrayNotEmpty, IsArray, Matches } from 'class-validator';

/** A caller's key as configured: its hash, never itself. */
export class ApiKey {
  @Matches(/^[\w.-]{1,64}$/, { message: 'a key needs a NAME of letters, digits, dot, dash' })
  name!: string;

  @Matches(/^[0-9a-f]{64}$/, { message: 'the second word of a key must be its SHA-256 in hex (64 digits)' })
  sha256!: string;

  @IsArray()
  @ArrayNotEmpty({ message: 'a key needs at least one permission' })
  @Matches(/^(\*|(\*|[a-z-]+):(\*|[a-z-]+))$/, {
    each: true,
    message: 'a permission is written `context:action`, `context:*`, `*:action` or `*`',
  })
  permissions!: string[];
}

/** `NAME SHA256 PERMISSION,PERMISSION; NAME …` */
export const parseApiKeys = (text: string): ApiKey[] =>
  text
    .split(/[;\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [name = '', sha256 = '', ...permissions] = entry.split(/\s+/);
      return Object.assign(new ApiKey(), {
        name,
        sha256: sha256.toLowerCase(),
        permissions: permissions.flatMap((p) => p.split(',')).filter((p) => p !== ''),
      });
    });
