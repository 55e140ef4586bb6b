// Programs in another root: tap makes every child load its own modules, which are not there.

/** @returns what runs the command without that */
export function outsideOfTap(command: string, args: readonly string[]): [command: string, args: string[]] {
  return ['env', ['-u', 'NODE_OPTIONS', command, ...args]]
}
