using System.Text;
using Field.Ingest.Identity;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Field.MapApp.Forms;
using Field.Store;
using Field.Store.Audit;
using Microsoft.Net.Http.Headers;
using FormFile = Field.MapApp.Forms.FormFile;

namespace Field.MapApp.Board;

/// <summary>Makes status reports, one at a time: Chromium takes a core.</summary>
internal sealed class StatusDesk(IFeatureStore features, LayerDesk layers, UpOptions options, TimeProvider time, string? browser) : IDisposable
{
    private const int MaxWaiting = 4;
    private readonly OneAtATime _turn = new(MaxWaiting);

    public Task<FormFile> MakeAsync(FormFormat format, int? number, string madeBy, CancellationToken cancel) =>
        _turn.RunAsync(() => WriteAsync(format, number, madeBy, cancel), () => new FormException(FormFault.Busy), cancel);

    public void Dispose() => _turn.Dispose();

    private async Task<FormFile> WriteAsync(FormFormat format, int? number, string madeBy, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Feature? situation = await features.FindAsync(FieldTables.Board, "situation", cancel).ConfigureAwait(false);
        StatusContent content = new(
            BaseMap.Names(options).Ja, number, madeBy, now, situation?.Time("removedAt") is null ? situation : null,
            await BoardItems.ReadAsync(features, cancel).ConfigureAwait(false), await SheltersAsync(cancel).ConfigureAwait(false));
        FormDocument form = StatusReport.Build(content);
        (byte[] bytes, string type) = format switch
        {
            FormFormat.Html => (Encoding.UTF8.GetBytes(HtmlWriter.Write(form)), "text/html; charset=utf-8"),
            FormFormat.Pdf => (await PdfPrinter.PrintAsync(HtmlWriter.Write(form), browser, cancel).ConfigureAwait(false), "application/pdf"),
            _ => (XlsxWriter.Write(form), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        };
        string name = FormText.FileName($"{form.Title}_{form.Subject}_{now.ToOffset(FormRequest.JapanOffset):yyyyMMdd-HHmm}");
        return new FormFile(bytes, type, $"{name}.{format.ToString().ToLowerInvariant()}", []);
    }

    /// <summary>Only of layers that whoever sees the map may see.</summary>
    private async Task<List<(string Layer, string Name)>> SheltersAsync(CancellationToken cancel)
    {
        List<(string, string)> shelters = [];
        foreach (Layer layer in (await layers.ListAsync(withRemoved: false, cancel).ConfigureAwait(false))
            .Where(l => l is { Kind: "shelter", WithdrawnOn: null, DataClass: LayerDataClass.Public or LayerDataClass.Internal }))
        {
            await foreach (Feature place in layers.FeaturesAsync(layer, cancel).ConfigureAwait(false))
            {
                shelters.Add((layer.Title, place.Text("label") ?? layer.Title));
                if (shelters.Count > StatusReport.MaxRows)
                {
                    return shelters;
                }
            }
        }

        return shelters;
    }
}

/// <summary><c>GET /api/v1/board/report</c>: the status report for the prefecture.</summary>
internal static class StatusReportApi
{
    private const string Action = "board.report";
    private const int MaxNumber = 999;
    private const int MaxName = 100;

    public static void MapStatusReport(this RouteGroupBuilder api) => api.MapGet("/board/report", DownloadAsync).Needs(Permissions.BoardManage).Audited(Action);

    private static async Task<IResult> DownloadAsync(HttpContext http, StatusDesk desk, SecurityAudit audit, string? format = null, string? number = null, string? who = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.SetAsker(who);
        try
        {
            FormFormat made = format switch { null or "xlsx" => FormFormat.Xlsx, "pdf" => FormFormat.Pdf, "html" => FormFormat.Html, _ => throw new FormException(FormFault.Format) };
            int? n = number is null ? null : int.TryParse(number, out int given) && given is > 0 and <= MaxNumber ? given : throw new FormException(FormFault.Text("number", 3));
            string name = http.Who(who)?.Trim() is { Length: > 0 and <= MaxName } person && !person.Any(char.IsControl) ? person : throw new FormException(FormFault.Text("who", MaxName));
            FormFile file = await desk.MakeAsync(made, n, name, http.RequestAborted).ConfigureAwait(false);

            // Who took it away is written before it goes.
            string auditName = http.AuditName() == "anonymous" ? $"user:{name}" : http.AuditName();
            await audit.RecordAsync(new AuditEntry(Action, auditName, file.Name, "done") { From = http.AuditFrom(), Detail = $"{file.Bytes.Length} bytes" }, http.RequestAborted).ConfigureAwait(false);
            ContentDispositionHeaderValue disposition = new(made == FormFormat.Html ? "inline" : "attachment");
            disposition.SetHttpFileName(file.Name);
            http.Response.Headers.ContentDisposition = disposition.ToString();
            if (made == FormFormat.Html)
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
}
