// What an OpenAPI document is, for those who write it and those who show it.
import type { OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>
