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

            Refusal refusal = new();
            http.Features.Set(refusal);
            await next(http).ConfigureAwait(false);
            if (http.Response.StatusCode is >= 400 and < 500 and var status)
            {
                audit.Refused(command.What, refusal.Who ?? http.AuditName(), http.AuditFrom(), Clip(http.Request.Path.Value ?? "", MaxText), Clip($"{status}: {refusal.Why ?? Usual(status)}", MaxText));
            }
        });
    }

    /// <summary>Names what the endpoint does; the same word as in the audit log when it is done.</summary>
    public static void Audited(this RouteHandlerBuilder endpoint, string what) => endpoint.WithMetadata(new AuditedCommand(what));

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

    /// <summary>Why the request is refused, in words without a secret.</summary>
    public static void SetRefusal(this HttpContext http, string why)
    {
        if (http.Features.Get<Refusal>() is { } refusal)
        {
            refusal.Why = why;
        }
    }

    private static string Usual(int status) => status switch
    {
        StatusCodes.Status404NotFound => "there is no such thing",
        StatusCodes.Status415UnsupportedMediaType => "the body must be application/json",
        StatusCodes.Status403Forbidden => "not allowed",
        _ => "the body is not what it must be",
    };

    private static string Clip(string text, int most) => text.Length <= most ? text : text[..most];

    private sealed record AuditedCommand(string What);

    private sealed class Refusal
    {
        /// <summary>Who says to ask; null: who signed in, or nobody.</summary>
        public string? Who { get; set; }

        public string? Why { get; set; }
    }
}
