using System.Globalization;
using System.Security.Cryptography;
using Field.Geo;
using Field.Geo.Linear;
using Field.Geo.Routes;
using Field.Geo.Routes.Export;
using Field.Ingest.Assets;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Routes;

/// <summary>A plan with what it was made of.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Preview">It as GeoJSON.</param>
/// <param name="PlanId">Tells whether another plan is the same one: flown paths and all that the map shows.</param>
internal sealed record RoutePlanned(RoutePlan Plan, byte[] Preview, string PlanId)
{
    /// <summary>The asset that was asked for, or null.</summary>
    public Feature? Asset { get; init; }

    /// <summary>The levee with its marks, or null.</summary>
    public LeveeLine? Levee { get; init; }
}

/// <summary>Plans routes along assets. One at a time, because planning takes a core; nothing is kept. Thread-safe.</summary>
/// <param name="features">Where assets are; only read.</param>
internal sealed class RouteDesk(IFeatureStore features) : IDisposable
{
    private const int MostWaiting = 8;
    private const int IdBytes = 16;
    private readonly OneAtATime _turn = new(MostWaiting);

    /// <exception cref="RouteAskException">It cannot be planned as asked for.</exception>
    public async Task<RoutePlanned> PlanAsync(RouteAsk ask, CancellationToken cancel)
    {
        Feature? asset = ask.AssetId is { } id ? await FindAsync(id, ask.IsBridge ? "bridge" : "levee", cancel).ConfigureAwait(false) : null;
        LeveeLine? levee = asset?.Geometry is LineString && !ask.IsBridge
            ? LeveeAssets.LineOf(asset, await features.AllAsync(FieldTables.Assets, ("kind", "mark"), cancel).ConfigureAwait(false))
            : null;
        RouteRequest request = ask.IsBridge ? Bridge(ask, asset) : Levee(ask, asset, levee);
        return await _turn.RunAsync(
            () => Task.Run(() => Plan(request) with { Asset = asset, Levee = levee }, cancel),
            () => new RouteAskException(StatusCodes.Status503ServiceUnavailable, new RouteError(
                "busy", "経路の計算が混み合っています。少し待ってからもう一度お試しください", "too many routes are being planned: try again in a moment")),
            cancel).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    private static RoutePlanned Plan(RouteRequest request)
    {
        RoutePlan plan = request is BridgeRouteRequest bridge ? BridgePlanner.Plan(bridge) : LeveePlanner.Plan((LeveeRouteRequest)request);
        byte[] preview = RoutePreview.GeoJson(plan);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(preview);
        foreach (RouteFlight flight in plan.Flights)
        {
            hash.AppendData(QgcPlanExport.Plan(plan, flight)); // speeds and turns are not in the preview
        }

        return new RoutePlanned(plan, preview, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes)));
    }

    private static LeveeRouteRequest Levee(RouteAsk ask, Feature? asset, LeveeLine? levee)
    {
        List<RouteError> errors = [];
        IReadOnlyList<LonLat>? line = ask.Line ?? Part(ask, asset, levee, errors);
        int direction = ask.Side switch
        {
            RouteSide.Left => -1,
            RouteSide.River => levee?.RiverSide ?? 0,
            RouteSide.Land => -(levee?.RiverSide ?? 0),
            _ => 1,
        };
        if (direction == 0)
        {
            errors.Add(new RouteError(
                "no-river-side", "左右岸と距離標がないため、川側が分かりません。線の右側か左側を選んでください", "bank or distance marks are missing, so the river's side is not known: choose right or left of the line", "side"));
        }

        if (line is null || errors.Count > 0)
        {
            throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, errors);
        }

        LeveeRouteRequest request = ask.Values.Levee(line, ask.Ground);
        return request with { OffsetM = request.OffsetM * direction };
    }

    /// <summary>The levee's line, or what of it lies between two distance marks.</summary>
    private static IReadOnlyList<LonLat>? Part(RouteAsk ask, Feature? asset, LeveeLine? levee, List<RouteError> errors)
    {
        if (levee is null)
        {
            errors.Add(new RouteError("asset-shape", $"{Name(asset)} の線が台帳にありません。線を描くか、台帳に線を取り込んでください", $"the ledger has no line of {Name(asset)}: draw one, or import it", "line"));
            return null;
        }

        if (ask.Km is (null, null))
        {
            return levee.Line.Between(0, levee.Line.LengthM);
        }

        if (levee.Range is not var (low, high))
        {
            errors.Add(new RouteError("no-marks", "この堤防には使える距離標がありません。距離標の範囲を空にしてください", "this levee has no usable distance marks: leave the range empty", "fromKm"));
            return null;
        }

        double?[] ends = [Chainage("fromKm", ask.Km.From ?? low), Chainage("toKm", ask.Km.To ?? high)];
        if (ends is not [{ } from, { } to])
        {
            return null;
        }

        if (Math.Abs(from - to) < 1)
        {
            errors.Add(new RouteError("km-range", "距離標の範囲に長さがありません。始点と終点を変えてください", "the range of distance marks has no length: change its ends", "toKm"));
            return null;
        }

        return levee.Line.Between(Math.Min(from, to), Math.Max(from, to));

        double? Chainage(string member, double km)
        {
            if (levee.PlaceOf(km) is { } place)
            {
                return levee.Line.Nearest(place).ChainageM;
            }

            FormattableString ja = $"距離標 {km:0.###}k はこの堤防にありません。{low:0.###}k～{high:0.###}k にしてください";
            FormattableString en = $"distance mark {km:0.###}k is not on this levee: choose {low:0.###}k to {high:0.###}k";
            errors.Add(new RouteError("km-range", ja.ToString(CultureInfo.InvariantCulture), en.ToString(CultureInfo.InvariantCulture), member));
            return null;
        }
    }

    private static BridgeRouteRequest Bridge(RouteAsk ask, Feature? asset)
    {
        IReadOnlyList<LonLat>? drawn = ask.Line ?? (asset?.Geometry is LineString line ? [.. line.Coordinates.Select(c => new LonLat(c.X, c.Y))] : null);
        Polygon? outline = ask.Outline ?? (ask.Line is not null && ask.DeckWidthM is not null ? null : asset?.Geometry switch
        {
            Polygon polygon => polygon,
            MultiPolygon { NumGeometries: 1 } one => (Polygon)one.GetGeometryN(0),
            _ => null,
        });
        outline ??= drawn is not null && ask.DeckWidthM is { } width ? BridgeShape.OutlineOf(drawn, width) : null;
        if (outline is null)
        {
            throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, drawn is null
                ? new RouteError("asset-shape", "橋の位置が線でも面でもありません。橋の両端を地図で示し、幅を入れてください", "the ledger has neither outline nor axis of the bridge: mark both ends on the map, and give its width", "line")
                : new RouteError("deck-width-needed", "橋の外形がありません。橋の幅（高欄・添架物を含む）を入れてください", "there is no outline: give the width of the bridge, with railings and pipes", "deckWidthM"));
        }

        IReadOnlyList<LonLat> axis = drawn ?? BridgeShape.AxisOf(outline) ?? throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, new RouteError(
            "asset-shape", "橋の外形に面積がありません。台帳の外形を確かめてください", "the bridge's outline has no area: check the ledger", "outline"));
        return ask.Values.Bridge(axis, outline, ask.Beside, ask.Under);
    }

    private async Task<Feature> FindAsync(string id, string kind, CancellationToken cancel)
    {
        Feature asset = await features.FindAsync(FieldTables.Assets, id, cancel).ConfigureAwait(false)
            ?? throw new RouteAskException(StatusCodes.Status404NotFound, new RouteError("no-asset", $"施設 {id} は台帳にありません", $"there is no asset {id}", "assetId"));
        return asset.Text("kind") == kind
            ? asset
            : throw new RouteAskException(StatusCodes.Status400BadRequest, new RouteError(
                "asset-kind", $"{id} は {asset.Text("kind")} です。{kind} を選んでください", $"{id} is a {asset.Text("kind")}: choose a {kind}", "assetId"));
    }

    private static string Name(Feature? asset) => asset?.Text("name") ?? asset?.Id ?? "";
}
