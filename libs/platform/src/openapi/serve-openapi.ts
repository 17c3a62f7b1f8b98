import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { describeDtos } from './describe-dtos.js';

/** The API's description, for people at `/docs` and for machines at `/docs/openapi.json`. */
export const serveOpenApi = (app: INestApplication, name: string): OpenAPIObject => {
  describeDtos();
  const document = SwaggerModule.createDocument(
    app,
    new DocumentBuilder()
      .setTitle(`Lotline ${name}`)
      .setDescription(
        [
          'Errors are problem+json (RFC 9457) with a stable `code` and every single problem.',
          'Commands take `Idempotency-Key` and `If-Match` (the `ETag` of an earlier answer); writes answer `X-Log-Position`,',
          'reads take it back as `minPosition`.',
        ].join(' '),
      )
      .setVersion('1')
      .addBearerAuth({
        type: 'http',
        scheme: 'bearer',
        description: 'An API key; none is needed on loopback without keys.',
      })
      .build(),
  );
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs/openapi.json' });
  return document;
};
