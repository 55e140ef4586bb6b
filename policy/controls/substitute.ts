// Puts programs and files in place of the variables of a controls file, such as $kubeletconf.
import type { Controls, ControlsCheck, Tests } from './controls.ts'
import { type VariableKind, variableKinds } from './settings.ts'

/** By kind, then by the name of the component. */
export type Variables = Readonly<Record<VariableKind, ReadonlyMap<string, string>>>

export function substitute(controls: Controls, variables: Variables): Controls {
  const put = (text: string) => substituteText(text, variables)
  const check = (one: ControlsCheck): ControlsCheck => ({
    ...one,
    text: put(one.text),
    audit: put(one.audit),
    auditConfig: put(one.auditConfig),
    auditEnv: put(one.auditEnv),
    remediation: put(one.remediation),
    tests: one.tests && testsWith(one.tests, put),
  })
  return { ...controls, groups: controls.groups.map(group => ({ ...group, checks: group.checks.map(check) })) }
}

const testsWith = ({ binOp, items }: Tests, put: (text: string) => string): Tests => ({
  binOp,
  items: items.map(item => ({
    ...{ flag: put(item.flag), path: put(item.path), env: put(item.env) },
    ...{ set: item.set, op: item.op, value: put(item.value) },
  })),
})

/** A value of several words is put in single quotes. */
export function substituteText(text: string, variables: Variables): string {
  if (!text.includes('$')) return text
  let put = text
  for (const kind of variableKinds) {
    for (const [component, value] of variables[kind]) {
      if (value === '') continue
      const quoted = /\S\s+\S/.test(value) ? `'${value}'` : value
      put = put.replaceAll(`$${component}${kind}`, () => quoted)
    }
  }
  return put
}

/** The one program that the scripts of a file ask for, whose environment is then searched; undefined for several. */
export function onlyProgram(controls: Controls, { bin }: Variables): string | undefined {
  const scripts = controls.groups
    .flatMap(({ checks }) => checks.flatMap(({ audit, auditConfig, auditEnv }) => [audit, auditConfig, auditEnv]))
    .join('\n')
  const used = [...bin].filter(([component]) => scripts.includes(`$${component}bin`))
  return used.length === 1 ? used[0]?.[1] : undefined
}
