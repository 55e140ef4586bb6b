// Reads what a kubelet answers at /configz: the configuration that it runs with.
import { type ConfigObject, isObject } from './kubernetes-document.ts'

/** The fields of KubeletConfiguration, or undefined for what is no such answer. */
export function parseKubeletConfigz(text: string): ConfigObject | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    const configuration = isObject(answer) ? answer['kubeletconfig'] : undefined
    return isObject(configuration) ? configuration : undefined
  } catch {
    return undefined
  }
}
