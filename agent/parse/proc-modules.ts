// Parses /proc/modules: the modules that are loaded.

export interface LoadedModule {
  readonly name: string
  readonly sizeBytes: number
  /** users of the module, -1 on a kernel that cannot unload modules */
  readonly refcount: number
  /** modules that use it */
  readonly dependants: readonly string[]
  /** taint letters such as O, E, P */
  readonly taints: readonly string[]
}

export interface ProcModules {
  readonly modules: readonly LoadedModule[]
  /** numbers of lines that are not a module's, from 1 */
  readonly malformed: readonly number[]
}

/** `name size refcount dependants state address (taints)`; see m_show in kernel/module/procfs.c. */
export function parseProcModules(text: string): ProcModules {
  const modules = new Map<string, LoadedModule>()
  const malformed: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    const module = parseLine(line)
    if (module) modules.set(module.name, module)
    else malformed.push(index + 1)
  }
  return { modules: [...modules.values()], malformed }
}

function parseLine(line: string): LoadedModule | undefined {
  const [name = '', size = '', refcount = '', users = '', state = '', ...rest] = line.split(' ')
  if (name === '' || !/^\d{1,15}$/.test(size) || !/^(?:-|\d{1,10})$/.test(refcount) || users === '') return undefined
  if (!/^(?:Live|Loading|Unloading)$/.test(state)) return undefined
  const taints = /^\(([A-Za-z+-]{1,64})\)$/.exec(rest.at(-1) ?? '')?.[1] ?? ''
  return {
    name: name.replaceAll('-', '_'),
    sizeBytes: Number(size),
    refcount: refcount === '-' ? -1 : Number(refcount),
    dependants: users === '-' ? [] : users.split(',').filter(user => user !== '' && !user.startsWith('[')),
    taints: [...new Set(taints.replace(/[+-]/g, ''))],
  }
}
