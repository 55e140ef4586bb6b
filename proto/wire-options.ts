// How protobuf values appear in JavaScript: the same for the loader and for the generated types.

export const wireOptions = {
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
} as const
