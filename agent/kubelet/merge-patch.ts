// JSON merge patch (RFC 7396) over configuration values: how the kubelet lays drop-ins over its configuration.
import { type ConfigObject, type ConfigValue, isObject } from '../parse/kubernetes-document.ts'

/** Objects merge key by key, null deletes, everything else replaces what was there. Neither argument is changed. */
export function mergePatch(target: ConfigValue | undefined, patch: ConfigValue): ConfigValue {
  if (!isObject(patch)) return patch
  const merged = new Map<string, ConfigValue>(isObject(target) ? Object.entries(target) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key)
    else merged.set(key, mergePatch(merged.get(key), value))
  }
  return Object.fromEntries(merged)
}

/** The value at a path, undefined when a part of the path is not there. */
export function valueAt(values: ConfigValue | undefined, path: readonly string[]): ConfigValue | undefined {
  let value: ConfigValue | undefined = values
  for (const key of path) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}

/** Whether a patch decides the value at a path: it holds the path, or something that is no object above it. */
export function decides(patch: ConfigObject, path: readonly string[]): boolean {
  let value: ConfigValue | undefined = patch
  for (const key of path) {
    if (!isObject(value)) return true
    if (!Object.hasOwn(value, key)) return false
    value = value[key]
  }
  return true
}
