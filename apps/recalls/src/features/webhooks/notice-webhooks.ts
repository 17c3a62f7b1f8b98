import { ArrayMaxSize, ArrayMinSize, IsArray, Matches } from 'class-validator';
import { NoticeIssued } from '#contracts';
import { canonicalId } from '#kernel';
import { WebhookDto, webhooksOf } from '#platform';

const EVERYONE = '*';

export class NoticeWebhookDto extends WebhookDto {
  /**
   * Whose notices it gets, and no others: ids of parties, as URIs of any form. `["*"]` gets everybody's: for the organisation's own
   * systems.
   */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @Matches(/^(\*|[A-Za-z][A-Za-z0-9+.-]*:\S{1,2000})$/, {
    each: true,
    message: 'each value in consignees must be a URI, or "*" for everyone',
  })
  consignees!: string[];
}

/** Recall notices, each to the endpoints of its consignee. */
export const noticeWebhooks = webhooksOf({
  context: 'recalls',
  stamp: '1769000000001',
  event: NoticeIssued,
  tells: 'it is sent the recall notices (`NoticeIssued`) of its consignees.',
  dto: NoticeWebhookDto,
  about: ({ consignee }) => consignee,
  only: ({ consignees }) => (consignees.includes(EVERYONE) ? undefined : consignees.map((id) => canonicalId(id).id)),
  shown: (only) => ({ consignees: only ?? [EVERYONE] }),
});
