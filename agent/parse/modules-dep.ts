// Parses modules.dep: the modules that modprobe can find.
import { type ModuleList, parseModulePaths } from './modules-builtin.ts'

/** `kernel/net/sctp/sctp.ko.xz: kernel/lib/libcrc32c.ko.xz …` per line (modules.dep(5)); dependencies are left out. */
export function parseModulesDep(text: string): ModuleList {
  return parseModulePaths(text, line => {
    const colon = line.indexOf(':')
    return colon < 0 ? '' : line.slice(0, colon)
  })
}
