// A host that notes which files were asked for, so that a test can change each of them.
import type { Host } from '../agent/host/host.ts'

/** @param paths gets every path that is read as text, bytes or pieces */
export function recordingHost(host: Host, paths: Set<string>): Host {
  return new Proxy(host, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (name === 'readText' || name === 'readBytes' || name === 'readParts') paths.add(String(args[0]))
        if (name === 'readTexts') for (const path of args[0] as string[]) paths.add(path)
        return value.apply(target, args)
      }
    },
  })
}
