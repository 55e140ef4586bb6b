// Programs in another root, or of another user: tap makes every child load its modules and write down that it ended.

/** @returns what runs the command without that */
export function outsideOfTap(command: string, args: readonly string[]): [command: string, args: string[]] {
  return ['env', ['-u', 'NODE_OPTIONS', command, ...args]]
}
