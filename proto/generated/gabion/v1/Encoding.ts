// Original file: proto/gabion/v1/uplink.proto

export const Encoding = {
  ENCODING_UNSPECIFIED: 'ENCODING_UNSPECIFIED',
  ENCODING_ZSTD: 'ENCODING_ZSTD',
} as const;

export type Encoding =
  | 'ENCODING_UNSPECIFIED'
  | 0
  | 'ENCODING_ZSTD'
  | 1

export type Encoding__Output = typeof Encoding[keyof typeof Encoding]
