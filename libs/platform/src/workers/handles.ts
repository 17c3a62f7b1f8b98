import { UseFilters, applyDecorators } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { declare, patternOf, type Declaration } from './declaration.js';
import { PassErrorsOn } from './pass-errors-on.js';

/** Handlers with it are the bus transport's alone, whatever other transports an application connects. */
export const BUS_TRANSPORT = Symbol('lotline:bus');

/** Makes a method the handler of what it declares. */
export const handles = (declaration: Declaration): MethodDecorator =>
  applyDecorators(
    MessagePattern(patternOf(declaration), BUS_TRANSPORT, { declaration }),
    UseFilters(new PassErrorsOn()),
    (_target: object, _key: string | symbol, descriptor: PropertyDescriptor) =>
      declare(descriptor.value as object, declaration),
  );
