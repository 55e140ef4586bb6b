// Tests of the fields of KubeletConfiguration against the configurations of recorded kubelets.
import t from 'tap'
import { parse } from 'yaml'
import { configFields, nestedFields } from '../../../agent/parse/kubelet-config-fields.ts'
import { recordedKubelets } from '../../recorded-kubelets.ts'

function unknownFields(document: unknown, path = ''): readonly string[] {
  const known = path === '' ? configFields : nestedFields.get(path)
  if (!known || typeof document !== 'object' || document === null) return []
  return Object.entries(document).flatMap(([field, value]) => {
    const whole = path === '' ? field : `${path}.${field}`
    return known.has(field) ? unknownFields(value, whole) : [whole]
  })
}

t.test('every field that a recorded kubelet has or was given is known', async t => {
  let documents = 0
  for (const { version, name, config, dropIn, configz } of recordedKubelets()) {
    const own = [config, dropIn].flatMap(text => (text === undefined ? [] : [parse(text)]))
    for (const document of configz ? [...own, configz] : own) {
      documents += 1
      t.strictSame(unknownFields(document), [], `${version} ${name}`)
    }
  }
  t.ok(documents > 15, `${documents} documents`)
})

t.test('names are those of JSON, and structures are fields', async t => {
  for (const field of configFields) t.match(field, /^[a-z][A-Za-z0-9]+$/)
  for (const [path, fields] of nestedFields) {
    const [first = '', second] = path.split('.')
    t.ok(second === undefined ? configFields.has(first) : nestedFields.get(first)?.has(second), path)
    for (const field of fields) t.match(field, /^[a-z][A-Za-z0-9]+$/)
  }
})
