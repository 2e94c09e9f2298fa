using System.Security.Claims;
using System.Security.Cryptography;
using Field.Contracts;
using Field.Store.Accounts;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Field.MapApp.Access;

/// <summary>
/// Machines' tokens: JWT with HMAC-SHA-256, for this server makes and reads them itself. What a token may is not in it but in the list of
/// tokens, so that revoking counts at once. The key is made at the first start and stays in the data folder, for its user only.
/// </summary>
internal sealed class MachineTokens
{
    private const string Scheme = "Bearer ";
    private const string Audience = "field-api";
    private const int KeyBytes = 32;

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _rules;

    private MachineTokens(byte[] key, string site)
    {
        SymmetricSecurityKey secret = new(key);
        _credentials = new(secret, SecurityAlgorithms.HmacSha256);
        _rules = new() // one algorithm, one key, one issuer, one audience
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = secret,
            ValidIssuer = $"field:{site}",
            ValidAudience = Audience,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.FromMinutes(1),
        };
    }

    /// <summary>Opens the key of a data folder, or makes it.</summary>
    /// <exception cref="FieldException">The key is damaged, or this user may not read it.</exception>
    public static MachineTokens Open(string dataDirectory, string site)
    {
        string folder = AccountFolder.PathOf(dataDirectory);
        string path = Path.Combine(folder, "token.key");
        try
        {
            if (!File.Exists(path))
            {
                PrivateFiles.CreateFolder(folder);
                PrivateFiles.Replace(path, RandomNumberGenerator.GetBytes(KeyBytes));
            }

            byte[] key = File.ReadAllBytes(path);
            return key.Length == KeyBytes ? new(key, site) : throw new FieldException($"{path} is damaged: remove it and issue the tokens again");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FieldException($"{path}: {e.Message}", innerException: e);
        }
    }

    /// <summary>The token as its machine carries it.</summary>
    public string Write(MachineToken token) => _handler.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = _rules.ValidIssuer,
        Audience = Audience,
        IssuedAt = token.IssuedAt.UtcDateTime,
        Expires = token.ExpiresAt.UtcDateTime,
        Subject = new ClaimsIdentity([new Claim(JwtRegisteredClaimNames.Jti, token.Id), new Claim(JwtRegisteredClaimNames.Sub, token.Name)]),
        SigningCredentials = _credentials,
    });

    /// <summary>The token of an <c>Authorization</c> header, while it is one of ours, in time and not revoked.</summary>
    public async Task<MachineToken?> FindAsync(string authorization, AccountBook book, DateTimeOffset now)
    {
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        TokenValidationResult result = await _handler.ValidateTokenAsync(authorization[Scheme.Length..].Trim(), _rules).ConfigureAwait(false);
        return result.IsValid && result.Claims.TryGetValue(JwtRegisteredClaimNames.Jti, out object? id) ? Alive(book, id as string ?? "", now) : null;
    }

    public static MachineToken? Alive(AccountBook book, string id, DateTimeOffset now) =>
        book.Tokens.TryGetValue(id, out MachineToken? token) && token.RevokedAt is null && token.ExpiresAt > now ? token : null;
}
