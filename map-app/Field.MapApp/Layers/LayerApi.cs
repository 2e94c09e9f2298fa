using System.Text.Json;
using Field.Contracts;
using Field.Geo;
using Field.Geo.Tiles;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Field.MapApp.PublicMap;
using Field.Store;

namespace Field.MapApp.Layers;

/// <summary>
/// The imported layers for the map (SPEC.md, Layers); each is shown to whom its data class allows. Every endpoint of layers stands in this file and in
/// <see cref="LayerImportApi"/>, so that the gate of data classes has one place to stand before.
/// </summary>
internal static class LayerApi
{
    private const string MvtType = "application/vnd.mapbox-vector-tile";
    private const double MostReachM = 1000;
    private const int MostHits = 50;

    public static void MapLayers(this RouteGroupBuilder api)
    {
        RouteGroupBuilder map = api.MapGroup("/layers").Needs(Permissions.MapView);
        map.MapGet("", ListAsync).AlsoForThePublic();
        map.MapGet("/{id}", GetAsync);
        map.MapGet("/{id}/tiles/{z:int}/{x:int}/{y:int}", TileAsync).AlsoForThePublic();
        map.MapGet("/{id}/at", AtAsync).AlsoForThePublic();
        RouteGroupBuilder layers = api.MapGroup("/layers").Needs(Permissions.LayersManage);
        layers.MapPatch("/{id}", ChangeAsync).Audited("layer.change");
        layers.MapPost("/{id}/classes", CheckClassesAsync);
        layers.MapDelete("/{id}", RemoveAsync).Audited("layer.remove");
        layers.MapPost("/{id}/restore", RestoreAsync).Audited("layer.restore");
        layers.MapLayerImports();
    }

    /// <summary>Who asks; while nobody signs in, where from.</summary>
    public static string Who(HttpContext http) => http.Who(null) ?? $"anonymous@{http.Connection.RemoteIpAddress}";

    private static async Task ListAsync(HttpContext http, LayerDesk desk, bool removed = false)
    {
        bool isPublic = PublicMapGuard.IsPublic(http);
        IReadOnlyList<Layer> layers = [.. (await desk.ListAsync(removed && !isPublic, http.RequestAborted).ConfigureAwait(false)).Where(l => http.May(DataClasses.Parse(l.DataClass)))];
        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            LayerJson.Texts(json, "kinds", LayerKind.All);
            json.WriteStartArray("layers");
            foreach (Layer layer in layers)
            {
                LayerJson.Write(json, layer, withNotes: false, forThePublic: isPublic);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private static async Task GetAsync(HttpContext http, LayerDesk desk, string id)
    {
        if (await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is { } layer)
        {
            http.Demand(DataClasses.Parse(layer.DataClass));
            await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => LayerJson.Write(json, Seen(http, layer), withNotes: true)).ConfigureAwait(false);
        }
        else
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "そのレイヤーはありません / there is no such layer").ConfigureAwait(false);
        }
    }

    private static async Task TileAsync(HttpContext http, LayerDesk desk, LayerTiles tiles, string id, int z, int x, int y)
    {
        TileAddress tile = new(z, x, y);
        Layer? layer = tile.IsValid ? await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false) : null;
        if (layer is null or { RemovedAt: not null })
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "there is no such tile").ConfigureAwait(false);
            return;
        }

        http.Demand(DataClasses.Parse(layer.DataClass));

        // The bytes of an edition never change; the browser asks each time whether it is still the one, for a layer may be taken away.
        string tag = $"\"{layer.Edition}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = PublicMapGuard.IsPublic(http) ? "public, max-age=300" : "private, no-cache";
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        byte[] bytes = await tiles.TileAsync(layer, tile, http.RequestAborted).ConfigureAwait(false);
        if (bytes.Length == 0)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        http.Response.ContentType = MvtType;
        http.Response.Headers.ContentEncoding = "gzip";
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>What holds at a place: the worst class first, each feature with its own attributes.</summary>
    private static async Task AtAsync(HttpContext http, LayerDesk desk, LayerTiles tiles, string id, double? lon = null, double? lat = null, double withinM = 0)
    {
        if (lon is not (>= -180 and <= 180) || lat is not (>= -90 and <= 90) || withinM is not (>= 0 and <= MostReachM))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, "lon, lat in degrees; withinM from 0 to 1000").ConfigureAwait(false);
            return;
        }

        Layer? layer = await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
        if (layer is null or { RemovedAt: not null })
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "そのレイヤーはありません / there is no such layer").ConfigureAwait(false);
            return;
        }

        http.Demand(DataClasses.Parse(layer.DataClass));
        TileLayer shapes = await tiles.ShapesAsync(layer, http.RequestAborted).ConfigureAwait(false);
        List<(TileHit Hit, Feature? Feature)> hits = [];
        foreach (TileHit hit in shapes.At(new LonLat(lon.Value, lat.Value), withinM).Take(MostHits))
        {
            hits.Add((hit, await desk.FeatureAsync(layer, hit.Shape.N, http.RequestAborted).ConfigureAwait(false)));
        }

        await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => WriteHits(json, layer, hits)).ConfigureAwait(false);
    }

    private static void WriteHits(Utf8JsonWriter json, Layer layer, List<(TileHit Hit, Feature? Feature)> hits)
    {
        json.WriteStartObject();
        json.WriteString("layerId", layer.Id);
        json.WriteString("title", layer.Title);
        json.WriteOptional("withdrawnOn", layer.WithdrawnOn);
        json.WriteStartArray("features");
        foreach ((TileHit hit, Feature? feature) in hits)
        {
            json.WriteStartObject();
            json.WriteNumber("n", hit.Shape.N);
            json.WriteOptional("class", hit.Shape.Class);
            json.WriteOptional("rank", (double?)hit.Shape.Rank);
            json.WriteOptional("label", hit.Shape.Label);
            LayerClass? known = layer.Classes?.Find(hit.Shape.Class);
            json.WriteOptional("classJa", known?.Ja);
            json.WriteOptional("classEn", known?.En);
            json.WriteOptional("colour", known?.Colour);
            json.WriteNumber("distanceM", Math.Round(hit.DistanceM, 1));
            json.WritePropertyName("attributes");
            json.WriteRawValue(feature?.Text("attributes") ?? "{}");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Task ChangeAsync(HttpContext http, LayerDesk desk, string id) => AnswerAsync(http, async () =>
    {
        if (!http.Request.HasJsonContentType())
        {
            throw new FieldException("本文は application/json で送ってください / the body must be application/json");
        }

        using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
        await DemandAsync(http, desk, id).ConfigureAwait(false);
        string? New(string name, string? old) => body.RootElement.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : null,
                _ => throw new FieldException($"{name}: 文字で書いてください / must be a text"),
            }
            : old;
        return await desk.ChangeAsync(id, layer => layer with
        {
            Title = New("title", layer.Title) ?? "",
            Kind = New("kind", layer.Kind) ?? LayerKind.Other,
            DataClass = New("dataClass", layer.DataClass) ?? layer.DataClass,
            Source = New("source", layer.Source),
            SourceDate = New("sourceDate", layer.SourceDate),
            Licence = New("licence", layer.Licence),
            Attribution = New("attribution", layer.Attribution),
            WithdrawnOn = New("withdrawnOn", layer.WithdrawnOn),
            WithdrawnReason = New("withdrawnReason", layer.WithdrawnReason),
            Classes = body.RootElement.TryGetProperty("classTable", out JsonElement table) ? table.ValueKind == JsonValueKind.Null ? null : LayerClasses.Read(table.GetRawText()) : layer.Classes,
        }, Who(http), http.RequestAborted, Revision(body.RootElement)).ConfigureAwait(false);
    });

    private static long? Revision(JsonElement body) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty("revision", out JsonElement value)
        ? value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long revision) ? revision : throw new FieldException("revision: 整数で書いてください / must be a whole number")
        : null;

    /// <summary>What a class table would make of the layer; nothing is changed.</summary>
    private static Task CheckClassesAsync(HttpContext http, LayerDesk desk, LayerValueCache values, string id) => LayerImportApi.AnswerAsync(http, async () =>
    {
        if (await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is not { RemovedAt: null } layer)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status404NotFound, "そのレイヤーはありません / there is no such layer").ConfigureAwait(false);
            return;
        }

        http.Demand(DataClasses.Parse(layer.DataClass));
        using JsonDocument body = await LayerImportApi.BodyAsync(http).ConfigureAwait(false);
        LayerClasses table = LayerImportApi.Table(body.RootElement);
        LayerValues counted = table.Field is { } field
            ? await values.FindAsync($"{layer.Edition} {field}", () => LayerValues.OfFeaturesAsync(desk.FeaturesAsync(layer, CancellationToken.None), field, CancellationToken.None), http.RequestAborted).ConfigureAwait(false)
            : LayerValues.OfOne(table.Constant!, layer.FeatureCount);
        await LayerImportApi.WriteCheckAsync(http, LayerClassCheck.Of(table, counted), counted).ConfigureAwait(false);
    });

    private static Task RemoveAsync(HttpContext http, LayerDesk desk, string id, bool forever = false) => AnswerAsync(http, async () =>
    {
        await DemandAsync(http, desk, id).ConfigureAwait(false);
        await desk.RemoveAsync(id, forever, Who(http), http.RequestAborted).ConfigureAwait(false);
        return await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
    });

    private static Task RestoreAsync(HttpContext http, LayerDesk desk, string id, long? revision = null) =>
        AnswerAsync(http, async () =>
        {
            await DemandAsync(http, desk, id).ConfigureAwait(false);
            Layer? layer = await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false);
            if (layer?.Earlier.FirstOrDefault(v => revision is null ? layer.RemovedAt is null : v.Layer.Revision == revision) is { } version)
            {
                http.Demand(DataClasses.Parse(version.Layer.DataClass)); // nobody brings back what they may not see
            }

            return await desk.RestoreAsync(id, Who(http), http.RequestAborted, revision).ConfigureAwait(false);
        });

    /// <summary>Nobody changes, or gives another class to, what they may not see.</summary>
    private static async Task DemandAsync(HttpContext http, LayerDesk desk, string id)
    {
        if (await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is { } layer)
        {
            http.Demand(DataClasses.Parse(layer.DataClass));
        }
    }

    /// <summary>Without the states that it had while it was for others.</summary>
    private static Layer Seen(HttpContext http, Layer layer) => layer with { Earlier = [.. layer.Earlier.Where(v => http.May(DataClasses.Parse(v.Layer.DataClass)))] };

    private static async Task AnswerAsync(HttpContext http, Func<Task<Layer?>> answer)
    {
        try
        {
            if (await answer().ConfigureAwait(false) is { } layer)
            {
                await JsonAnswer.WriteAsync(http, StatusCodes.Status200OK, json => LayerJson.Write(json, Seen(http, layer), withNotes: true)).ConfigureAwait(false);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        }
        catch (JsonException)
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status400BadRequest, "本文が JSON ではありません / the body is not JSON").ConfigureAwait(false);
        }
        catch (LayerStaleException e) when (e.Now is { } now && http.May(DataClasses.Parse(now.DataClass)))
        {
            await JsonAnswer.RefuseAsync(http, StatusCodes.Status409Conflict, e.Message, json =>
            {
                json.WritePropertyName("layer");
                LayerJson.Write(json, Seen(http, now), withNotes: true);
            }).ConfigureAwait(false);
        }
        catch (FieldException e) when (!e.IsTransient && e is not AccessException)
        {
            bool isThere = http.Request.RouteValues["id"] is string id
                && await http.RequestServices.GetRequiredService<LayerDesk>().FindAsync(id, http.RequestAborted).ConfigureAwait(false) is not null;
            await JsonAnswer.RefuseAsync(http, isThere ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status404NotFound, e.Message).ConfigureAwait(false);
        }
    }
}
