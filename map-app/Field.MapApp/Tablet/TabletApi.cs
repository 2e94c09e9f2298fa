using Field.Ingest;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Field.MapApp.Layers;

namespace Field.MapApp.Tablet;

/// <summary>What a tablet asks for besides the map: the municipality's own forms, and what an area would cost to take along.</summary>
internal static class TabletApi
{
    private const int MostLayers = 60;

    public static void MapTablet(this RouteGroupBuilder api)
    {
        api.MapGet("/report-forms", Forms).Needs(Permissions.ReportsSend);
        api.MapGet("/offline/estimate", EstimateAsync).Needs(Permissions.MapView);
    }

    private static IResult Forms(HttpContext http, ReportForms forms)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new { forms = forms.All });
    }

    /// <summary>The size of layers in a box. Only what the map shows to everybody of the office is taken along: classes <c>public</c> and <c>internal</c>.</summary>
    private static async Task<IResult> EstimateAsync(
        HttpContext http, LayerDesk desk, LayerTiles tiles, FieldQueries queries, UpOptions options, double west, double south, double east, double north, string layers = "")
    {
        http.Response.Headers.CacheControl = "no-store";
        OfflineArea area = new(west, south, east, north);
        string[] ids = [.. layers.Split(',', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        if (!area.IsValid || area.TileCount > OfflineArea.MostTiles || ids.Length > MostLayers)
        {
            return JsonAnswer.Refused(StatusCodes.Status400BadRequest, $"範囲が広すぎます。地図を拡大して選んでください / the area is too large: at most {OfflineArea.MostTiles} tiles and {MostLayers} layers");
        }

        List<AreaLayer> measured = [];
        foreach (string id in ids)
        {
            if (await desk.FindAsync(id, http.RequestAborted).ConfigureAwait(false) is not { RemovedAt: null } layer)
            {
                return JsonAnswer.Refused(StatusCodes.Status404NotFound, $"レイヤー {id} はありません / there is no layer {id}");
            }

            DataClass data = DataClasses.Parse(layer.DataClass);
            http.Demand(data);
            if (data is not (DataClass.Public or DataClass.Internal))
            {
                return JsonAnswer.Refused(StatusCodes.Status403Forbidden, $"{layer.Title} は端末に保存できません / is never taken along on a tablet");
            }

            measured.Add(await area.MeasureAsync(layer, tiles, http.RequestAborted).ConfigureAwait(false));
        }

        using CountingStream assets = new();
        await queries.WriteFeaturesAsync(assets, "assets", sinceRevision: 0, within: null, http.RequestAborted).ConfigureAwait(false);
        string? city = options.BaseDirectory is { } folder ? Path.Combine(folder, "city.geojson") : null;
        long baseBytes = city is not null && File.Exists(city) ? new FileInfo(city).Length : 0;
        return Results.Ok(new
        {
            leastZoom = OfflineArea.LeastZoom,
            mostZoom = Field.Geo.Tiles.TileAddress.MostZoom,
            baseBytes,
            assetBytes = assets.Length,
            layers = measured.Select(m => new { layerId = m.Layer.Id, edition = m.Layer.Edition, tiles = m.Tiles, sizeBytes = m.SizeBytes }),
            sizeBytes = baseBytes + assets.Length + measured.Sum(m => m.SizeBytes),
        });
    }

    /// <summary>Counts what is written and keeps nothing of it.</summary>
    private sealed class CountingStream : Stream
    {
        private long _length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _length;

        public override long Position { get => _length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => _length += count;
    }
}
