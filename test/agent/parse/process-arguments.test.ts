// Tests of reading the arguments of a process, which may write anything over them.
import t from 'tap'
import { processArguments } from '../../../agent/parse/process-arguments.ts'

t.test('words end with NUL, and may be empty', async t => {
  t.strictSame(processArguments('/usr/bin/kubelet\0--v=2\0'), ['/usr/bin/kubelet', '--v=2'])
  t.strictSame(processArguments('a\0\0b\0'), ['a', '', 'b'])
  t.strictSame(processArguments('kubelet: running'), ['kubelet: running'], 'a title that a process gave itself')
  t.strictSame(processArguments(''), [''], 'a thread of the kernel')
})

t.test('a process that wrote a mebibyte of NUL before its last word holds nobody up', async t => {
  t.equal(processArguments(`kubelet${'\0'.repeat(1024 * 1024)}x\0`).length, 1024 * 1024 + 1)
})
