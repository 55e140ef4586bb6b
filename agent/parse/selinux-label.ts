// Reads the type out of a process's SELinux label: `user:role:type:level`.

/** Undefined for a label of another security module. */
export function typeOfLabel(text: string): string | undefined {
  return /^[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+:([A-Za-z0-9_.-]{1,128})(?::[^\n]*)?\n?$/.exec(text.replace(/\0$/, ''))?.[1]
}
