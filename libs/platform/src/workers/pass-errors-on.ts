import { Catch, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Nest replaces an error of a handler by "Internal server error". The engine decides by the error itself: what is parked,
 * what is tried again, what pauses.
 */
@Catch()
export class PassErrorsOn implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    return throwError(() => thrown);
  }
}
