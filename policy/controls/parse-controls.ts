// Parses controls files in kube-bench's format. Keys that it does not know are left alone, as kube-bench does.
import { PolicyError } from '../policy-error.ts'
import type { Controls, ControlsCheck, ControlsGroup, TestItem, Tests } from './controls.ts'
import { type Fields, openFields, problem, type Yaml } from './yaml-fields.ts'

const maxChecks = 5000

/** @throws PolicyError with the file, line and column of everything that is wrong */
export function parseControls(text: string, path: string): Controls {
  const { yaml, fields } = openFields(text, path)
  if (!fields.has('groups')) throw problem(`${path}:1:1`, 'groups', 'is missing: this is no controls file')
  const controls = {
    path,
    id: fields.text('id'),
    version: fields.text('version'),
    text: fields.text('text'),
    type: fields.text('type'),
    groups: fields.maps('groups').map(group => groupOf(group, yaml)),
  }
  if (controls.type === '') {
    yaml.problems.push({
      place: `${path}:1:1`,
      subject: '',
      part: 'type',
      message: 'is missing: such as node or master',
    })
  }
  const count = controls.groups.reduce((sum, { checks }) => sum + checks.length, 0)
  if (count > maxChecks) throw problem(`${path}:1:1`, '', `has ${count} checks, at most ${maxChecks}`)
  if (yaml.problems.length > 0) throw new PolicyError(yaml.problems)
  return controls
}

/** Whether a text is meant to be a controls file, and no configuration of kube-bench. */
export const looksLikeControls = (text: string): boolean => /^groups\s*:/m.test(text)

function groupOf(group: Fields, yaml: Yaml): ControlsGroup {
  return {
    id: group.text('id'),
    text: group.text('text'),
    type: group.flag('skip', false) ? 'skip' : group.text('type'),
    checks: group.maps('checks').map(check => checkOf(check, yaml)),
  }
}

function checkOf(check: Fields, yaml: Yaml): ControlsCheck {
  const id = check.text('id')
  const place = yaml.place(check.node)
  if (id === '') yaml.problems.push({ place, subject: '', part: 'id', message: 'is missing' })
  const tests = check.map('tests')
  return {
    place,
    id,
    text: check.text('text'),
    audit: check.text('audit'),
    auditConfig: check.text('audit_config'),
    auditEnv: check.text('audit_env'),
    type: check.text('type'),
    tests: tests && testsOf(tests),
    remediation: check.text('remediation'),
    scored: check.flag('scored', false),
    multiple: check.flag('use_multiple_values', false),
  }
}

function testsOf(tests: Fields): Tests {
  return { binOp: tests.text('bin_op'), items: tests.maps('test_items').map(itemOf) }
}

function itemOf(item: Fields): TestItem {
  const compare = item.map('compare')
  return {
    flag: item.text('flag'),
    path: item.text('path'),
    env: item.text('env'),
    set: item.flag('set', true),
    op: compare?.text('op') ?? '',
    value: compare?.text('value') ?? '',
  }
}
