import { Body, Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorators.js';
import { SessionDto } from '../auth/auth.dto.js';
import { originOf } from '../auth/origin.js';
import { ApiProblems } from '../http/problem.dto.js';
import { IdTokenVerifier } from './id-token.verifier.js';
import { OidcLogins } from './oidc-login.service.js';
import { OidcLoginDto, OidcProviderDto } from './oidc.dto.js';

@ApiTags('auth')
@Controller('api/v1/auth/oidc')
export class OidcController {
  constructor(
    private readonly tokens: IdTokenVerifier,
    private readonly logins: OidcLogins,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'The identity provider, if there is one', operationId: 'getOidcProvider' })
  @ApiOkResponse({ type: OidcProviderDto })
  @ApiProblems(404)
  provider(): OidcProviderDto {
    const { issuer, clientId } = this.tokens.provider;
    return { issuer, clientId, scope: 'openid profile email' };
  }

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOperation({
    summary: 'Log in with an ID token of the identity provider',
    description:
      'The token comes from an authorization code with PKCE, as `labctl login --oidc` gets one. Who is new becomes a user with the ' +
      'roles that their groups bring. The session ends after 12 hours.',
    operationId: 'loginWithOidc',
  })
  @ApiOkResponse({ type: SessionDto })
  @ApiProblems(400, 401, 403, 404)
  login(@Body() body: OidcLoginDto, @Req() request: FastifyRequest): Promise<SessionDto> {
    return this.logins.login(body.idToken, originOf(request));
  }
}
