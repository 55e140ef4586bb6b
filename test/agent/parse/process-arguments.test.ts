// Tests of reading the arguments of a process, which may write anything over them.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
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

t.test('any words are read as the kernel shows them, the last one with or without its end', async () => {
  const word = fc.string({ unit: 'binary', maxLength: 12 }).filter(text => !text.includes('\0'))
  fc.assert(
    fc.property(
      fc.array(word),
      word.filter(text => text !== ''),
      (words, last) => {
        const all = [...words, last]
        deepEqual(processArguments(all.map(one => `${one}\0`).join('')), all)
        deepEqual(processArguments(all.join('\0')), all)
      },
    ),
  )
})
