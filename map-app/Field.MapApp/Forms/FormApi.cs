using Field.Ingest.Identity;
using Field.MapApp.Access;
using Field.Store.Audit;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp.Forms;

/// <summary><c>GET /api/v1/forms/{form}</c>: forms as downloads (SPEC.md, forms).</summary>
internal static class FormApi
{
    private const string Action = "form.export";

    public static void MapForms(this RouteGroupBuilder api) => api.MapGet("/forms/{form}", DownloadAsync).Needs(Permissions.FormsExport).Audited(Action);

    private static async Task<IResult> DownloadAsync(HttpContext http, FormDesk desk, SecurityAudit audit, string form, [AsParameters] Query query)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            FormRequest request = FormRequest.Parse(new FormArguments(form, query.Format, query.Asset, query.From, query.To, query.EventAt, query.Lang, query.Inspector));
            FormFile file = await desk.MakeAsync(request, http.RequestAborted).ConfigureAwait(false);

            // Who took a form away is written before it goes.
            string what = $"{request.Kind.ToString().ToLowerInvariant()} {request.Format.ToString().ToLowerInvariant()} {request.AssetId ?? "all"}";
            AuditEntry entry = new(Action, http.AuditName(), what, "done") { From = http.Connection.RemoteIpAddress?.ToString(), Detail = $"{file.Bytes.Length} bytes" };
            await audit.RecordAsync(entry, http.RequestAborted).ConfigureAwait(false);
            ContentDispositionHeaderValue disposition = new(request.Format == FormFormat.Html ? "inline" : "attachment");
            disposition.SetHttpFileName(file.Name);
            http.Response.Headers.ContentDisposition = disposition.ToString();
            if (request.Format == FormFormat.Html)
            {
                http.Response.Headers.ContentSecurityPolicy = HtmlWriter.Policy;
            }

            return Results.Bytes(file.Bytes, file.MediaType);
        }
        catch (FormException e)
        {
            return JsonAnswer.Refused(e.Fault.Status, e.Fault);
        }
    }

    private sealed record Query(string? Asset, string? Format, string? From, string? To, string? EventAt, string? Lang, string? Inspector);
}
