// Holds the words about findings that several reports share.
import t from 'tap'
import { referenceText, referenceTexts } from '../../report/findings.ts'

t.test('versions of a list with the same number stand together, in the order they came', t => {
  const item = (version: string, id: string, source = 'cis-kubernetes') => ({ source, version, id })
  const list = [item('1.10', '4.2.1'), item('1.11', '4.2.1'), item('1.12', '4.2.3'), item('', 'T1609', 'mitre-attack')]
  t.same(referenceTexts(list), ['cis-kubernetes 1.10, 1.11 4.2.1', 'cis-kubernetes 1.12 4.2.3', 'mitre-attack T1609'])
  t.same(referenceTexts([]), [])
  t.equal(referenceText(item('1.12', '4.2.3')), 'cis-kubernetes 1.12 4.2.3')
  t.end()
})
