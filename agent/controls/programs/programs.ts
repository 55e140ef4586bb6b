// The programs that an audit may use, by name; each is a function of ours over the host.
import type { Program } from '../program.ts'
import { awk, sed } from './awk.ts'
import { cat, ls, readlink, realpath, stat } from './files.ts'
import { find, xargs } from './find.ts'
import { pgrep, ps } from './ps.ts'
import { bracket, test } from './test.ts'
import { basename, cut, dirname, echo, grep, head, printf, sort, tail, tr, uniq, wc } from './text.ts'

const succeed: Program = () => ({ stdout: '', stderr: '', code: 0 })

export const programs: Readonly<Record<string, Program>> = {
  ...{ awk, gawk: awk, mawk: awk, sed, cat, ls, readlink, realpath, stat, find, xargs, pgrep, ps },
  ...{ basename, cut, dirname, echo, grep, head, printf, sort, tail, tr, uniq, wc, test, '[': bracket },
  ...{ egrep: (args, stdin, world) => grep(['-E', ...args], stdin, world) },
  ...{ fgrep: (args, stdin, world) => grep(['-F', ...args], stdin, world) },
  ...{ true: succeed, ':': succeed, false: () => ({ stdout: '', stderr: '', code: 1 }) },
}
