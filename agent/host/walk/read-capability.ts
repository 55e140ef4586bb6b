// Reads the attribute security.capability of a file: by the module that can do it, else by the program getcap.
import { getcapReader } from './getcap-reader.ts'
import { loadModuleOf } from './module-of-executable.ts'

export type ReadCapability = (path: string) => string

interface XattrModule {
  getAttributeSync(path: string, name: string): Uint8Array | null
}

/**
 * @param stateDirectory where the single executable may keep the module, which cannot be loaded from within it
 * @returns a function that tells the attribute in hex, '' for none; undefined where nothing here can read it
 */
export async function openCapabilityReader(stateDirectory = ''): Promise<ReadCapability | undefined> {
  const xattr = (await installedModule()) ?? (loadModuleOf('xattr.node', stateDirectory) as XattrModule | undefined)
  if (!xattr) return getcapReader()
  return path => {
    const value = xattr.getAttributeSync(path, 'security.capability')
    return value === null ? '' : Buffer.from(value).toString('hex')
  }
}

async function installedModule(): Promise<XattrModule | undefined> {
  try {
    const loaded: { default: XattrModule } = await import('@napi-rs/xattr')
    return loaded.default
  } catch {
    return undefined
  }
}
