import type { DynamicModule, Type } from '@nestjs/common';

type Imported = Type | DynamicModule;

/** A module of a composition: its class, and what it says of itself on it or beside it. */
export interface ComposedModule {
  type: Type;
  controllers: readonly Type[];
}

const listOf = <T>(type: Type, key: string): T[] => (Reflect.getMetadata(key, type) ?? []) as T[];

/** A module and all it imports, each once, in the order of the imports; read without Nest. */
export const modulesOf = (root: Imported, seen = new Set<unknown>()): ComposedModule[] => {
  const dynamic = 'module' in root ? root : undefined;
  const type = 'module' in root ? root.module : root;
  if (seen.has(type)) return [];
  seen.add(type);
  const controllers = [...listOf<Type>(type, 'controllers'), ...(dynamic?.controllers ?? [])];
  const imports = [...listOf<Imported>(type, 'imports'), ...((dynamic?.imports ?? []) as Imported[])];
  return [{ type, controllers }, ...imports.flatMap((imported) => modulesOf(imported, seen))];
};
