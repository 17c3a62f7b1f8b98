import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, Matches } from 'class-validator';
import { ExpiryAlertRaised } from '#contracts';
import { canonicalId } from '#kernel';
import { WebhookDto, webhooksOf } from '#platform';

export class AlertWebhookDto extends WebhookDto {
  /** Only alerts at these sites: URIs of any form. Absent: at all, and where nobody knows which. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @Matches(/^([A-Za-z][A-Za-z0-9+.-]*:\S{1,2000})$/, {
    each: true,
    message: 'each value in sites must be a URI',
  })
  sites?: string[];
}

/** Expiry alerts, of all sites or of some. */
export const alertWebhooks = webhooksOf({
  context: 'expiry',
  stamp: '1769000000002',
  event: ExpiryAlertRaised,
  tells: 'it is sent expiry alerts (`ExpiryAlertRaised`), of all sites or of some.',
  dto: AlertWebhookDto,
  about: ({ site }) => site,
  only: ({ sites }) => sites?.map((id) => canonicalId(id).id),
  shown: (only) => (only === null ? {} : { sites: only }),
});
