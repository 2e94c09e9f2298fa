using System.Text.Json;
using Field.Contracts;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Microsoft.AspNetCore.Http.Features;

namespace Field.MapApp.Layers;

/// <summary>Imports from the browser (SPEC.md, Layers): a file is uploaded and looked into, a person says what it does not, then it is imported.</summary>
internal static class LayerImportApi
{
    private const string Audit = "layer.import";

    public static void MapLayerImports(this RouteGroupBuilder layers)
    {
        layers.MapGet("/presets", (HttpContext http) => JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, WritePresets));
        RouteHandlerBuilder upload = layers.MapPost("/uploads", UploadAsync);
        upload.WithMetadata(new BodyLimit(LayerUploads.MostBytes + (1 << 20)));
        upload.Audited(Audit);
        layers.MapPost("/uploads/{uploadId}/inspect", InspectAsync);
        layers.MapPost("/uploads/{uploadId}/classes", CheckClassesAsync);
        layers.MapDelete("/uploads/{uploadId}", (LayerUploads uploads, string uploadId) =>
        {
            uploads.Forget(uploadId);
            return Results.NoContent();
        });
        layers.MapPost("", StartAsync).Audited(Audit);
        layers.MapGet("/imports/{importId}", ProgressAsync);
        layers.MapDelete("/imports/{importId}", CancelAsync);
    }

    /// <summary>A file as multipart/form-data, part <c>file</c>; the answer says what is in it.</summary>
    private static Task UploadAsync(HttpContext http, LayerUploads uploads) => AnswerAsync(http, async () =>
    {
        if (!http.Request.HasFormContentType)
        {
            throw new FieldException("ファイルは multipart/form-data で送ってください / send the file as multipart/form-data");
        }

        IFormCollection form = await http.Request.ReadFormAsync(new FormOptions { MultipartBodyLengthLimit = LayerUploads.MostBytes }, http.RequestAborted).ConfigureAwait(false);
        IFormFile file = form.Files.GetFile("file") ?? throw new FieldException("file がありません / there is no part named file");
        Stream content = file.OpenReadStream();
        await using (content.ConfigureAwait(false))
        {
            (string id, string path) = await uploads.KeepAsync(file.FileName, content, http.RequestAborted).ConfigureAwait(false);
            await ShowAsync(http, id, new LayerImportOptions { Path = path }).ConfigureAwait(false);
        }
    });

    /// <summary>Looks again with what a person has said meanwhile: encoding, system, columns.</summary>
    private static Task InspectAsync(HttpContext http, LayerUploads uploads, string uploadId) => AnswerAsync(http, async () =>
    {
        using JsonDocument body = await BodyAsync(http).ConfigureAwait(false);
        await ShowAsync(http, uploadId, Options(body.RootElement, PathOf(uploads, uploadId))).ConfigureAwait(false);
    });

    /// <summary>What a class table would make of the file; nothing is imported.</summary>
    private static Task CheckClassesAsync(HttpContext http, LayerUploads uploads, LayerValueCache values, string uploadId) => AnswerAsync(http, async () =>
    {
        using JsonDocument body = await BodyAsync(http).ConfigureAwait(false);
        LayerImportOptions options = Options(body.RootElement, PathOf(uploads, uploadId));
        LayerClasses table = Table(body.RootElement);
        string field = table.Field ?? throw NoTable();
        LayerValues counted = await values.FindAsync(
            $"{uploadId} {options.Layer} {options.Encoding} {field}", () => Task.FromResult(LayerValues.OfFile(options, field, CancellationToken.None)), http.RequestAborted).ConfigureAwait(false);
        await WriteCheckAsync(http, LayerClassCheck.Of(table, counted), counted).ConfigureAwait(false);
    });

    /// <summary>The class table of a body: of a field, or of one class for all rows.</summary>
    /// <exception cref="FieldException">There is none.</exception>
    public static LayerClasses Table(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("classTable", out JsonElement json) || json.ValueKind != JsonValueKind.Object)
        {
            throw NoTable();
        }

        string? Said(string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        (string? field, string? constant) = (Said("field"), Said("constant"));
        if (field is null && constant is null)
        {
            throw NoTable();
        }

        bool isEmpty = json.TryGetProperty("classes", out JsonElement classes) && classes.ValueKind == JsonValueKind.Array && classes.GetArrayLength() == 0;
        return isEmpty ? new LayerClasses { Field = field, Constant = constant, Classes = [] } : LayerClasses.Read(json.GetRawText());
    }

    private static FieldException NoTable() => new("classTable と field を送ってください / send a classTable with a field");

    public static Task WriteCheckAsync(HttpContext http, LayerClassCheck check, LayerValues values)
    {
        const int MostUnclassed = 200;
        return JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            LayerJson.Notes(json, "faults", check.Faults);
            json.WriteNumber("rows", values.Rows);
            json.WriteNumber("empty", check.Empty);
            json.WriteStartObject("counts");
            foreach ((string key, long rows) in check.Counts)
            {
                json.WriteNumber(key, rows);
            }

            json.WriteEndObject();
            json.WriteStartArray("unclassed");
            foreach ((string value, long rows) in check.Unclassed.Take(MostUnclassed))
            {
                json.WriteStartObject();
                json.WriteString("value", value);
                json.WriteNumber("rows", rows);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("otherValues", Math.Max(0, check.Unclassed.Count - MostUnclassed));
            json.WriteNumber("unclassedRows", check.Unclassed.Sum(u => u.Rows) + values.Uncounted);
            json.WriteEndObject();
        });
    }

    private static Task ShowAsync(HttpContext http, string uploadId, LayerImportOptions options)
    {
        (IReadOnlyList<InspectedLayer> layers, string? problem) = Inspect(options);
        return JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("uploadId", uploadId);
            json.WriteString("fileName", Path.GetFileName(options.Path));
            json.WriteOptional("problem", problem);
            json.WriteStartArray("layers");
            foreach (InspectedLayer layer in layers)
            {
                Write(json, layer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static (IReadOnlyList<InspectedLayer> Layers, string? Problem) Inspect(LayerImportOptions options)
    {
        try
        {
            return (LayerInspector.Inspect(options), null);
        }
        catch (FieldException e)
        {
            return ([], WithoutFolder(e.Message, options.Path)); // such as an encoding that the file does not tell: the person may say it
        }
    }

    private static Task StartAsync(HttpContext http, LayerUploads uploads, LayerImports imports) => AnswerAsync(http, async () =>
    {
        using JsonDocument body = await BodyAsync(http).ConfigureAwait(false);
        string uploadId = body.RootElement.TryGetProperty("uploadId", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : "";
        LayerImportOptions options = Options(body.RootElement, PathOf(uploads, uploadId));
        Grants? grants = http.Features.Get<Grants>(); // the import outlives the request
        LayerImportJob? job = imports.Start(options with
        {
            Origin = $"upload/{Path.GetFileName(options.Path)}",
            MayReplace = old => grants is null || grants.Check(DataClasses.Parse(old.DataClass)) is null,
        }, LayerApi.Who(http), done =>
        {
            if (done.State == "done")
            {
                uploads.Forget(uploadId);
            }
        });
        if (job is null)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "別の取り込みが進行中です。終わってからもう一度お試しください / another import is running: try again when it is done").ConfigureAwait(false);
            return;
        }

        await JsonAnswer.WriteAsync(http, StatusCodes.Status202Accepted, json => Write(json, job, options.Path)).ConfigureAwait(false);
    });

    private static Task ProgressAsync(HttpContext http, LayerImports imports, string importId) => imports.Find(importId) is { } job
        ? JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => Write(json, job, null))
        : JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "その取り込みはありません / there is no such import");

    private static Task CancelAsync(HttpContext http, LayerImports imports, string importId)
    {
        imports.Find(importId)?.Cancel();
        return ProgressAsync(http, imports, importId);
    }

    private static void Write(Utf8JsonWriter json, LayerImportJob job, string? path)
    {
        json.WriteStartObject();
        json.WriteString("importId", job.Id);
        json.WriteString("state", job.State);
        json.WriteNumber("rows", job.Progress.Rows);
        json.WriteNumber("total", job.Progress.Total);
        json.WriteOptional("error", job.Error is { } error ? WithoutFolder(error, path) : null);
        if (job.Result is { } result)
        {
            json.WriteBoolean("isUnchanged", result.IsUnchanged);
            LayerJson.Notes(json, "faults", result.Faults);
            LayerJson.Notes(json, "notes", result.Notes.Take(200));
            if (result.Layer is { } layer)
            {
                json.WritePropertyName("layer");
                LayerJson.Write(json, layer, withNotes: false);
            }
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, InspectedLayer layer)
    {
        json.WriteStartObject();
        json.WriteString("name", layer.Name);
        json.WriteString("geometryType", layer.GeometryType);
        json.WriteNumber("featureCount", layer.FeatureCount);
        json.WriteOptional("epsg", layer.Epsg);
        json.WriteBoolean("needsPlace", layer.NeedsPlace);
        json.WriteOptional("preset", layer.Preset);
        json.WriteOptional("classField", layer.ClassField);
        json.WriteStartArray("fields");
        foreach (InspectedField field in layer.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            LayerJson.Texts(json, "samples", field.Samples);
            json.WriteNumber("distinctCount", field.DistinctCount);
            json.WriteBoolean("canBeClass", field.CanBeClass);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        LayerJson.Notes(json, "problems", layer.Problems);
        json.WriteEndObject();
    }

    private static void WritePresets(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        LayerJson.Texts(json, "kinds", LayerKind.All);
        LayerJson.Texts(json, "dataClasses", LayerDataClass.All);
        json.WriteStartArray("presets");
        foreach (LayerPreset preset in LayerPresets.All)
        {
            json.WriteStartObject();
            json.WriteString("name", preset.Name);
            json.WriteString("kind", preset.Kind);
            json.WriteString("ja", preset.Ja);
            json.WriteString("en", preset.En);
            json.WritePropertyName("classTable");
            new LayerClasses { Classes = preset.Classes }.Write(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static LayerImportOptions Options(JsonElement body, string path)
    {
        string? Text(string name) => body.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
        int? crs = body.TryGetProperty("crs", out JsonElement number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out int epsg) ? epsg : null;
        return new LayerImportOptions
        {
            Path = path,
            Layer = Text("layer"),
            Id = Text("id"),
            Title = Text("title"),
            Kind = Text("kind"),
            DataClass = Text("dataClass") ?? LayerDataClass.Internal,
            Source = Text("source"),
            SourceDate = Text("sourceDate"),
            Licence = Text("licence"),
            Attribution = Text("attribution"),
            Crs = crs,
            Encoding = Text("encoding"),
            ClassField = Text("classField"),
            Preset = Text("preset"),
            ClassValue = Text("classValue"),
            ClassTable = body.TryGetProperty("classTable", out JsonElement table) && table.ValueKind == JsonValueKind.Object ? table.GetRawText() : null,
            LabelField = Text("labelField"),
            EastColumn = Text("eastColumn"),
            NorthColumn = Text("northColumn"),
            MeshField = Text("meshField"),
            WithdrawnOn = Text("withdrawnOn"),
            WithdrawnReason = Text("withdrawnReason"),
        };
    }

    public static async Task<JsonDocument> BodyAsync(HttpContext http) => http.Request.HasJsonContentType()
        ? await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false)
        : throw new FieldException("本文は application/json で送ってください / the body must be application/json");

    private static string PathOf(LayerUploads uploads, string uploadId) => uploads.Find(uploadId)
        ?? throw new FieldException("アップロードが見つかりません。ファイルをもう一度選んでください / the upload is not there any more: choose the file again");

    /// <summary>Where the server keeps uploads is nobody's business.</summary>
    private static string WithoutFolder(string message, string? path) =>
        path is null ? message : message.Replace(Path.GetDirectoryName(path) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);

    public static async Task AnswerAsync(HttpContext http, Func<Task> answer)
    {
        try
        {
            await answer().ConfigureAwait(false);
        }
        catch (JsonException)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, "本文が JSON ではありません / the body is not JSON").ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException || (e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, "ファイルが 256 MiB を超えるか、送り方が正しくありません。大きいものは ./field import で取り込めます / the file is above 256 MiB or badly sent; ./field import takes larger ones").ConfigureAwait(false);
        }
        catch (FieldException e) when (!e.IsTransient && e is not AccessException)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status422UnprocessableEntity, e.Message).ConfigureAwait(false);
        }
    }
}
