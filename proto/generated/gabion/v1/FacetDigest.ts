// Original file: proto/gabion/v1/uplink.proto


export interface FacetDigest {
  'facet'?: (string);
  'digest'?: (string);
}

export interface FacetDigest__Output {
  'facet': (string);
  'digest': (string);
}
