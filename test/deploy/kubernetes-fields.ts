// Fields that Kubernetes does not know: its API server drops them without a word. Read from the types of kubernetes-models.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const modules = join(import.meta.dirname, '../../node_modules')
const models = join(modules, 'kubernetes-models')

/** Path of the file that declares a kind, undefined for one that is not Kubernetes' own. */
export function declarationOf(apiVersion: string, kind: string): string | undefined {
  const path = join(models, apiVersion, `${kind}.d.ts`)
  return existsSync(path) ? path : undefined
}

/** The minor version of Kubernetes that the models were made from, told by what that version added. */
export function modelledVersion(): string {
  const isIn = (path: string) => existsSync(join(models, path))
  if (isIn('admissionregistration.k8s.io/v1/MutatingAdmissionPolicy.d.ts')) return '1.36'
  return isIn('resource.k8s.io/v1/DeviceClass.d.ts') ? '1.34 or 1.35' : 'older than 1.34'
}

/** Dotted paths of fields that are not declared. */
export function unknownFields(value: unknown, declaration: string, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one, at) => unknownFields(one, declaration, `${path}[${at}]`))
  const text = readFileSync(declaration, 'utf8')
  const [, body] = /export interface I\w+[^{]*\{\n([\s\S]*?)^\}/m.exec(text) ?? []
  // A type that stands for a text or a number, such as a quantity.
  if (body === undefined) return []
  return Object.entries(value).flatMap(([name, one]) => {
    const here = path === '' ? name : `${path}.${name}`
    const [, type] = new RegExp(`^ {4}"${name.replace(/\W/g, '\\$&')}"\\??: ([^\\n]*?);?$`, 'm').exec(body) ?? []
    if (type === undefined) return [here]
    const [, inner] = /\b(IIo\w+)/.exec(type) ?? []
    const file = inner && declared(inner, text, declaration)
    if (!file) return []
    if (!type.includes('[key: string]')) return unknownFields(one, file, here)
    return Object.entries(one as object).flatMap(([key, each]) => unknownFields(each, file, `${here}.${key}`))
  })
}

function declared(type: string, text: string, declaration: string): string | undefined {
  const [, from = ''] = new RegExp(`import \\{ ${type} \\} from "(.*)"`).exec(text) ?? []
  const bare = from.replace(/\.js$/, '')
  const path = `${from.startsWith('.') ? resolve(dirname(declaration), bare) : join(modules, bare)}.d.ts`
  return from !== '' && existsSync(path) ? path : undefined
}
