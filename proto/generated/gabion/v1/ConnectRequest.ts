// Original file: proto/gabion/v1/uplink.proto

import type { Hello as _gabion_v1_Hello, Hello__Output as _gabion_v1_Hello__Output } from '../../gabion/v1/Hello.ts';
import type { Offer as _gabion_v1_Offer, Offer__Output as _gabion_v1_Offer__Output } from '../../gabion/v1/Offer.ts';
import type { Change as _gabion_v1_Change, Change__Output as _gabion_v1_Change__Output } from '../../gabion/v1/Change.ts';
import type { Heartbeat as _gabion_v1_Heartbeat, Heartbeat__Output as _gabion_v1_Heartbeat__Output } from '../../gabion/v1/Heartbeat.ts';
import type { Observations as _gabion_v1_Observations, Observations__Output as _gabion_v1_Observations__Output } from '../../gabion/v1/Observations.ts';

export interface ConnectRequest {
  'hello'?: (_gabion_v1_Hello | null);
  'offer'?: (_gabion_v1_Offer | null);
  'change'?: (_gabion_v1_Change | null);
  'heartbeat'?: (_gabion_v1_Heartbeat | null);
  'observations'?: (_gabion_v1_Observations | null);
  'message'?: "hello"|"offer"|"change"|"heartbeat"|"observations";
}

export interface ConnectRequest__Output {
  'hello'?: (_gabion_v1_Hello__Output | null);
  'offer'?: (_gabion_v1_Offer__Output | null);
  'change'?: (_gabion_v1_Change__Output | null);
  'heartbeat'?: (_gabion_v1_Heartbeat__Output | null);
  'observations'?: (_gabion_v1_Observations__Output | null);
  'message'?: "hello"|"offer"|"change"|"heartbeat"|"observations";
}
