using System.Globalization;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Tiles;
using Field.Ingest.Import;
using Field.Ingest.Residents;
using Field.MapApp.Access;
using Field.MapApp.Layers;
using Microsoft.AspNetCore.Http.Features;

namespace Field.MapApp.Residents;

/// <summary>
/// Residents over HTTP (SPEC.md, Residents). Counts of the whole for who may ask for an impact; single households only for who may see them, each view
/// in the audit log; files in and out for who keeps the register. All but the counts are never served on a listener that faces the internet.
/// </summary>
internal static class ResidentApi
{
    private const string Import = "residents.import";
    private const double MostReachM = 300;
    private const int MostHouseholds = 200;
    private const int PageRows = 500;

    public static void MapResidents(this RouteGroupBuilder api)
    {
        api.MapGet("/residents", SummaryAsync).Needs(Permissions.ImpactRun);
        RouteGroupBuilder view = api.MapGroup("/residents").Needs(Permissions.ResidentsView);
        view.MapGet("/tiles/{z:int}/{x:int}/{y:int}", TileAsync);
        view.MapGet("/at", AtAsync);
        RouteGroupBuilder manage = api.MapGroup("/residents").Needs(Permissions.ResidentsManage);
        RouteHandlerBuilder upload = manage.MapPost("", ImportAsync);
        upload.WithMetadata(new BodyLimit(ResidentUploads.MostBytes + (1 << 20)));
        upload.Audited(Import);
        manage.MapDelete("", RemoveAsync).Audited("residents.remove");
        manage.MapPost("/restore", RestoreAsync).Audited("residents.restore");
        manage.MapGet("/rows", RowsAsync);
    }

    private static async Task SummaryAsync(HttpContext http, ResidentDesk desk)
    {
        ResidentRegister? register = await desk.FindAsync(http.RequestAborted).ConfigureAwait(false);
        bool mayManage = http.May(Permissions.ResidentsManage);
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WritePropertyName("register");
            if (register is null or { RemovedAt: not null } && !(register is not null && mayManage))
            {
                json.WriteNullValue();
            }
            else
            {
                ResidentJson.Write(json, register!);
            }

            json.WriteNumber("leastZoom", ResidentViews.LeastZoom);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task TileAsync(HttpContext http, ResidentCache residents, ResidentViews views, int z, int x, int y)
    {
        TileAddress tile = new(z, x, y);
        if (!tile.IsValid || z < ResidentViews.LeastZoom || await residents.FindAsync(http.RequestAborted).ConfigureAwait(false) is not { } set)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "there is no such tile").ConfigureAwait(false);
            return;
        }

        await views.TileAsync(http, set.Register.Edition, tile).ConfigureAwait(false);
        byte[] bytes = set.Tiles.Encode(tile, "households");
        http.Response.Headers.CacheControl = "no-store"; // single households stay in no browser's cache
        http.Response.StatusCode = bytes.Length == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status200OK;
        if (bytes.Length > 0)
        {
            http.Response.ContentType = "application/vnd.mapbox-vector-tile";
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task AtAsync(HttpContext http, ResidentCache residents, ResidentViews views, double? lon = null, double? lat = null, double withinM = 30)
    {
        if (lon is not (>= -180 and <= 180) || lat is not (>= -90 and <= 90) || withinM is not (>= 1 and <= MostReachM))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, "lon, lat in degrees; withinM from 1 to 300").ConfigureAwait(false);
            return;
        }

        ResidentSet? set = await residents.FindAsync(http.RequestAborted).ConfigureAwait(false);
        await views.RecordAsync(http, set?.Register.Edition ?? ResidentRegister.Id, string.Create(CultureInfo.InvariantCulture, $"within {withinM:0} m of {lon:0.0000},{lat:0.0000}")).ConfigureAwait(false);
        (Household Household, double DistanceM)[] found = set is null ? [] : [.. set.Near(new LonLat(lon.Value, lat.Value), withinM).Take(MostHouseholds + 1)];
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("synthetic", set?.Register.IsSynthetic ?? false);
            json.WriteBoolean("isAll", found.Length <= MostHouseholds);
            json.WriteStartArray("households");
            foreach ((Household household, double distanceM) in found.Take(MostHouseholds))
            {
                ResidentJson.Write(json, household, Math.Round(distanceM, 1));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>Rows that do not count, with the reason: for who corrects the files.</summary>
    private static async Task RowsAsync(HttpContext http, ResidentDesk desk, ResidentViews views, string? state = null, long after = 0)
    {
        if (await desk.FindAsync(http.RequestAborted).ConfigureAwait(false) is not { } register)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "住民データがありません / there are no residents").ConfigureAwait(false);
            return;
        }

        await views.RecordAsync(http, register.Edition, string.Create(CultureInfo.InvariantCulture, $"rows that do not count, {state ?? "all"}, after {after}")).ConfigureAwait(false);
        List<Household> rows = [];
        bool isLast = true;
        await foreach (Household household in desk.HouseholdsAsync(register.Edition, http.RequestAborted).ConfigureAwait(false))
        {
            if (household.N > after && household.State != HouseholdState.Taken && (state is null || household.State == state))
            {
                if (rows.Count == PageRows)
                {
                    isLast = false;
                    break;
                }

                rows.Add(household);
            }
        }

        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("synthetic", register.IsSynthetic);
            json.WriteBoolean("isLast", isLast);
            Rows(json, rows);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>Parts <c>points</c> and, unless the points hold everything, <c>register</c>, and fields by the names of the command's options.</summary>
    private static Task ImportAsync(HttpContext http, ResidentDesk desk, ResidentUploads uploads, ResidentViews views, bool trial = false) => AnswerAsync(http, async () =>
    {
        if (!http.Request.HasFormContentType)
        {
            throw new FieldException("ファイルは multipart/form-data で送ってください / send the files as multipart/form-data");
        }

        IFormCollection form = await http.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = ResidentUploads.MostBytes }, http.RequestAborted).ConfigureAwait(false);
        List<string> kept = [];
        try
        {
            (string Path, string Name)? points = await KeepAsync("points").ConfigureAwait(false), register = await KeepAsync("register").ConfigureAwait(false);
            ResidentImportOptions options = Options(form, points ?? throw new FieldException("points がありません / there is no part named points"), register);
            if (trial)
            {
                await TryAsync(http, desk, views, options).ConfigureAwait(false);
                return;
            }

            ResidentImportResult result = await desk.ImportAsync(options, LayerApi.Who(http), http.RequestAborted).ConfigureAwait(false);
            await AnswerAsync(http, result.Register, result.Faults, result.Notes, json => json.WriteBoolean("isUnchanged", result.IsUnchanged)).ConfigureAwait(false);
        }
        finally
        {
            kept.ForEach(uploads.Forget); // nothing of a register stays beside the store
        }

        async Task<(string Path, string Name)?> KeepAsync(string part)
        {
            if (form.Files.GetFile(part) is not { } file)
            {
                return null;
            }

            Stream content = file.OpenReadStream();
            await using (content.ConfigureAwait(false))
            {
                (string id, string path) = await uploads.KeepAsync(file.FileName, content, http.RequestAborted).ConfigureAwait(false);
                kept.Add(id);
                return (path, Path.GetFileName(path));
            }
        }
    });

    private static ResidentImportOptions Options(IFormCollection form, (string Path, string Name) points, (string Path, string Name)? register)
    {
        string? Text(string name) => form.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues value) && !string.IsNullOrWhiteSpace(value) ? value.ToString() : null;
        return new ResidentImportOptions
        {
            Points = points.Path,
            Register = register?.Path,
            Origin = (points.Name, register?.Name),
            PointsLayer = Text("pointsLayer"),
            RegisterLayer = Text("registerLayer"),
            Crs = int.TryParse(Text("crs"), NumberStyles.None, CultureInfo.InvariantCulture, out int epsg) ? epsg : null,
            Encoding = Text("encoding"),
            RegisterEncoding = Text("registerEncoding"),
            Columns = ResidentsCommand.Columns(form["column"].OfType<string>()),
            Title = Text("title"),
            Source = Text("source"),
            SourceDate = Text("sourceDate"),
            IsSynthetic = Text("synthetic") is "true" or "1",
        };
    }

    private static Task RemoveAsync(HttpContext http, ResidentDesk desk, bool forever = false) => AnswerAsync(http, async () =>
    {
        await desk.RemoveAsync(forever, LayerApi.Who(http), http.RequestAborted).ConfigureAwait(false);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    private static Task RestoreAsync(HttpContext http, ResidentDesk desk) => AnswerAsync(http, async () =>
    {
        ResidentRegister register = await desk.RestoreAsync(LayerApi.Who(http), http.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => ResidentJson.Write(json, register)).ConfigureAwait(false);
    });

    /// <summary>What would come of the files, with rows that would not count: a view of residents, though of ones that the asker brought.</summary>
    private static async Task TryAsync(HttpContext http, ResidentDesk desk, ResidentViews views, ResidentImportOptions options)
    {
        ResidentTrial trial = await desk.TryAsync(options, http.RequestAborted).ConfigureAwait(false);
        await views.RecordAsync(http, ResidentRegister.Id, string.Create(CultureInfo.InvariantCulture, $"trial of files: {trial.Register?.Rows ?? 0} rows, {trial.Rows.Count} that do not count shown")).ConfigureAwait(false);
        await AnswerAsync(http, trial.Register, trial.Faults, trial.Notes, json =>
        {
            json.WriteBoolean("isTrial", true);
            Rows(json, trial.Rows);
        }).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext http, ResidentRegister? register, IReadOnlyList<ImportNote> faults, IReadOnlyList<ImportNote> notes, Action<Utf8JsonWriter> more)
    {
        return register is null
            ? JsonAnswer.RefuseAsync(http, StatusCodes.Status422UnprocessableEntity, string.Join("\n", faults.Select(f => $"{f.Ja} / {f.En}")), Found)
            : JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                Found(json);
                json.WritePropertyName("register");
                ResidentJson.Write(json, register);
                json.WriteEndObject();
            });

        void Found(Utf8JsonWriter json)
        {
            more(json);
            LayerJson.Notes(json, "faults", faults);
            LayerJson.Notes(json, "notes", notes.Take(200));
        }
    }

    private static void Rows(Utf8JsonWriter json, IEnumerable<Household> rows)
    {
        json.WriteStartArray("rows");
        foreach (Household row in rows)
        {
            ResidentJson.Write(json, row, null);
        }

        json.WriteEndArray();
    }

    private static async Task AnswerAsync(HttpContext http, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (FieldException e) when (!http.Response.HasStarted && e is not AccessException)
        {
            await JsonAnswer.RefuseAsync(http, e.IsTransient ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status422UnprocessableEntity, e.Message).ConfigureAwait(false);
        }
        catch (InvalidDataException e) when (!http.Response.HasStarted)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, e.Message).ConfigureAwait(false); // a form that cannot be read
        }
    }
}
