import "server-only";

/**
 * The three functions of the old `Reflect` metadata proposal that tsyringe, inside @peculiar/x509, asks for when
 * it is loaded. Import this file before `@peculiar/x509`; it gives nothing else.
 */

type Metadata = Map<unknown, unknown>;

interface MetadataReflect {
  getMetadata?(key: unknown, target: object): unknown;
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
}

const kept = new WeakMap<object, Metadata>();
const reflect: typeof Reflect & MetadataReflect = Reflect;

reflect.getMetadata ??= (key, target) => {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const own = kept.get(at);
    if (own?.has(key)) return own.get(key);
  }
  return undefined;
};

reflect.getOwnMetadata ??= (key, target) => kept.get(target)?.get(key);

reflect.defineMetadata ??= (key, value, target) => {
  const own: Metadata = kept.get(target) ?? new Map();
  own.set(key, value);
  kept.set(target, own);
};
