// Finds the value of one flag in arguments, for programs of which only two or three flags are wanted.

/** `--name value`, `--name=value`; the last one counts. Undefined when it is not given. */
export function flagValue(args: readonly string[], ...names: readonly string[]): string | undefined {
  let found: string | undefined
  for (const [index, arg] of args.entries()) {
    const name = names.find(one => arg === one || arg.startsWith(`${one}=`))
    if (name !== undefined) found = arg === name ? args[index + 1] : arg.slice(name.length + 1)
  }
  return found
}
