using System.Globalization;
using System.Text.Json;
using Field.Ingest.Identity;
using Field.MapApp.Access;
using Field.MapApp.Residents;
using Field.Store.Audit;
using Microsoft.Net.Http.Headers;

namespace Field.MapApp.Impact;

/// <summary>
/// <c>POST /api/v1/impact</c> (SPEC.md, Residents and impact): who lives in imported hazard layers. Counts with small ones hidden for who may ask;
/// all of them for who may see residents, which is a view of residents.
/// </summary>
internal static class ImpactApi
{
    private const string Action = "impact.run";

    public static void MapImpact(this RouteGroupBuilder api)
    {
        RouteHandlerBuilder ask = api.MapPost("/impact", AskAsync).Needs(Permissions.ImpactRun);
        ask.WithMetadata(new BodyLimit(1 << 20));
        ask.Audited(Action);
    }

    private static async Task AskAsync(HttpContext http, StoredImpact impact, ResidentViews views, SecurityAudit audit, OwnPolygonLimit limit, UpOptions options, TimeProvider time, string format = "json", string table = "", string lang = "ja")
    {
        try
        {
            ImpactAsk ask = await ReadAsync(http).ConfigureAwait(false);
            if (ask.IsExact)
            {
                http.Demand(Permissions.ResidentsView);
            }
            else if (limit.Take(http.AuditName(), ask.Own) is { } wait)
            {
                await RefuseAsync(http, wait).ConfigureAwait(false);
                return;
            }

            StoredAnswer? answer = await impact.AskAsync(ask, ask.IsExact ? 1 : options.MinCell, layer => http.Demand(DataClasses.Parse(layer.DataClass)), http.RequestAborted).ConfigureAwait(false);
            if (answer is null)
            {
                await JsonAnswer.RefuseAsync(http, StatusCodes.Status409Conflict, "住民データがありません。取り込んでください / there are no residents: import them").ConfigureAwait(false);
                return;
            }

            await RecordAsync(http, views, audit, ask, answer, format, table).ConfigureAwait(false);
            await WriteAsync(http, answer, format, table, lang != "en", time).ConfigureAwait(false);
        }
        catch (ImpactException e) when (!http.Response.HasStarted)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, e.Message).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext http, TimeSpan wait)
    {
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        int minutes = (int)Math.Ceiling(wait.TotalMinutes);
        return JsonAnswer.RefuseAsync(
            http, StatusCodes.Status429TooManyRequests,
            $"描いた範囲の集計は1時間に {OwnPolygonLimit.MostPolygons} 個までです。あと {minutes} 分お待ちください / {OwnPolygonLimit.MostPolygons} different drawn areas an hour: wait {minutes} minutes");
    }

    private static async Task<ImpactAsk> ReadAsync(HttpContext http)
    {
        try
        {
            using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted).ConfigureAwait(false);
            return ImpactAsk.Read(body.RootElement);
        }
        catch (JsonException e)
        {
            throw new ImpactException("本文が JSON ではありません", "the body is no JSON", e);
        }
    }

    /// <summary>Who asked what is written before it is answered; of own polygons where they lie, so that one drawn round a house is found.</summary>
    private static async Task RecordAsync(HttpContext http, ResidentViews views, SecurityAudit audit, ImpactAsk ask, StoredAnswer answer, string format, string table)
    {
        string own = string.Concat(ask.Own.Take(5).Select(o => string.Create(CultureInfo.InvariantCulture, $"; own {o.Ring.Min(p => p.Lon):0.0000},{o.Ring.Min(p => p.Lat):0.0000} to {o.Ring.Max(p => p.Lon):0.0000},{o.Ring.Max(p => p.Lat):0.0000}")));
        string what = $"{format} {table}; layers {string.Join(' ', ask.Layers)}; by {ask.By ?? "-"}; from class {ask.LeastClass.ToString(CultureInfo.InvariantCulture)}{own}";
        what = what.Length > 400 ? what[..400] : what;
        if (ask.IsExact)
        {
            await views.RecordAsync(http, answer.Register.Edition, $"exact counts: {what}").ConfigureAwait(false);
            return;
        }

        await audit.RecordAsync(new AuditEntry(Action, http.AuditName(), answer.Register.Edition, "done") { From = http.AuditFrom(), Detail = what }, http.RequestAborted).ConfigureAwait(false);
    }

    private static async Task WriteAsync(HttpContext http, StoredAnswer answer, string format, string table, bool isJapanese, TimeProvider time)
    {
        if (format == "json")
        {
            await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => ImpactJson.Write(json, answer, isJapanese)).ConfigureAwait(false);
            return;
        }

        ImpactOutput output = new(answer.Result, answer.Question, isJapanese);
        DateTimeOffset now = time.GetUtcNow().ToOffset(TimeSpan.FromHours(9));
        (byte[] bytes, string type) = format switch
        {
            "csv" => (output.Csv(table), "text/csv; charset=utf-8"),
            "xlsx" => (output.Xlsx(now), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            "geojson" => (output.GeoJsonOf(table), "application/geo+json; charset=utf-8"),
            _ => throw new ImpactException("format は json、csv、xlsx、geojson です", "format: json, csv, xlsx, geojson"),
        };
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName($"{(answer.Result.Residents.IsSynthetic ? "合成データ_" : "")}影響の集計{(table.Length > 0 ? "_" + table : "")}_{now:yyyyMMdd-HHmm}.{format}");
        http.Response.Headers.ContentDisposition = disposition.ToString();
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = type;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }
}
