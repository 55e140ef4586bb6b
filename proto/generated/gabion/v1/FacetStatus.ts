// Original file: proto/gabion/v1/uplink.proto

export const FacetStatus = {
  FACET_STATUS_UNSPECIFIED: 'FACET_STATUS_UNSPECIFIED',
  FACET_STATUS_PRESENT: 'FACET_STATUS_PRESENT',
  FACET_STATUS_ABSENT: 'FACET_STATUS_ABSENT',
  FACET_STATUS_UNREADABLE: 'FACET_STATUS_UNREADABLE',
  FACET_STATUS_ERROR: 'FACET_STATUS_ERROR',
} as const;

export type FacetStatus =
  | 'FACET_STATUS_UNSPECIFIED'
  | 0
  | 'FACET_STATUS_PRESENT'
  | 1
  | 'FACET_STATUS_ABSENT'
  | 2
  | 'FACET_STATUS_UNREADABLE'
  | 3
  | 'FACET_STATUS_ERROR'
  | 4

export type FacetStatus__Output = typeof FacetStatus[keyof typeof FacetStatus]
