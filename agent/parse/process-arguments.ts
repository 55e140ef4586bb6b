// Parses /proc/PID/cmdline, in which a process may have written whatever it likes (proc_pid_cmdline(5)).
import { withoutEnd } from '../../policy/without-end.ts'

/** The words with the program's own first; one empty word for a kernel thread. */
export function processArguments(text: string): readonly string[] {
  return withoutEnd(text, '\0').split('\0')
}
