using Field.Ingest.Identity;
using Field.MapApp.Access;

namespace Field.MapApp;

/// <summary>
/// Requests that want something done (open a lock, grant, acknowledge) and are refused go into the audit log: what was asked, who says to
/// ask, on what, and why not. Neither body nor arguments are written: a PIN may be among them. Repetitions are bounded by
/// <see cref="SecurityAudit"/>.
/// </summary>
internal static class RefusedCommands
{
    private const int MaxWho = 64;
    private const int MaxText = 400;

    /// <summary>Before everything that can refuse a request.</summary>
    public static void UseRefusedCommandAudit(this IApplicationBuilder app)
    {
        SecurityAudit audit = app.ApplicationServices.GetRequiredService<SecurityAudit>();
        app.Use(async (http, next) =>
        {
            if (http.GetEndpoint()?.Metadata.GetMetadata<AuditedCommand>() is not { } command)
            {
                await next(http).ConfigureAwait(false);
                return;
            }

            Refusal refusal = new() { What = command.What, On = command.On?.Invoke(http) ?? http.Request.Path.Value ?? "" };
            http.Features.Set(refusal);
            await next(http).ConfigureAwait(false);
            if (http.Response.StatusCode is >= 400 and < 500 and var status)
            {
                (string? code, string why) = refusal.Why is { } said ? (refusal.Code, said) : Usual(status);
                audit.Refused(refusal.What, refusal.Who ?? http.AuditName(), http.AuditFrom(), Clip(refusal.On, MaxText), Clip($"{status}: {why}", MaxText), code: code);
            }
        });
    }

    /// <summary>Names what the endpoint does; the same word as in the audit log when it is done.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="what">The word.</param>
    /// <param name="on">What it is done to, as in the audit log; null: the request's path.</param>
    public static void Audited(this RouteHandlerBuilder endpoint, string what, Func<HttpContext, string>? on = null) => endpoint.WithMetadata(new AuditedCommand(what, on));

    /// <summary>True when a refusal of the request is written by what it was to do.</summary>
    public static bool IsAuditedCommand(this HttpContext http) => http.Features.Get<Refusal>() is not null;

    /// <summary>Who says to ask, where nobody has to sign in.</summary>
    public static void SetAsker(this HttpContext http, string? who)
    {
        if (http.Features.Get<Refusal>() is { } refusal && http.AuditName() == "anonymous" && !string.IsNullOrWhiteSpace(who))
        {
            refusal.Who = $"user:{Clip(who.Trim(), MaxWho)}";
        }
    }

    /// <summary>What is attempted, where only the body says it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="what">The word, as when it is done.</param>
    /// <param name="on">What it is done to, as in the audit log.</param>
    public static void SetAttempt(this HttpContext http, string what, string on)
    {
        if (http.Features.Get<Refusal>() is { } refusal)
        {
            (refusal.What, refusal.On) = (what, on);
        }
    }

    /// <summary>Why the request is refused, in words without a secret, and as a fixed word.</summary>
    public static void SetRefusal(this HttpContext http, string why, string? code = null)
    {
        if (http.Features.Get<Refusal>() is { } refusal)
        {
            (refusal.Why, refusal.Code) = (why, code);
        }
    }

    private static (string Code, string Why) Usual(int status) => status switch
    {
        StatusCodes.Status404NotFound => ("not-found", "there is no such thing"),
        StatusCodes.Status415UnsupportedMediaType => ("media-type", "the body must be application/json"),
        StatusCodes.Status403Forbidden => ("not-allowed", "not allowed"),
        _ => ("bad-body", "the body is not what it must be"),
    };

    private static string Clip(string text, int most) => text.Length <= most ? text : text[..most];

    private sealed record AuditedCommand(string What, Func<HttpContext, string>? On);

    private sealed class Refusal
    {
        public required string What { get; set; }

        public required string On { get; set; }

        /// <summary>Who says to ask; null: who signed in, or nobody.</summary>
        public string? Who { get; set; }

        public string? Why { get; set; }

        public string? Code { get; set; }
    }
}
