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
/// <param name="time">Says which permits hold today.</param>
internal sealed class RouteDesk(IFeatureStore features, TimeProvider time) : IDisposable
{
    private const int MostWaiting = 8;
    private const int IdBytes = 16;
    private readonly OneAtATime _turn = new(MostWaiting);

    /// <param name="ask">What is asked for.</param>
    /// <param name="cancel">Gives it up: the next one's turn comes at once.</param>
    /// <exception cref="RouteAskException">It cannot be planned as asked for.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async Task<RoutePlanned> PlanAsync(RouteAsk ask, CancellationToken cancel)
    {
        Feature? asset = ask.AssetId is { } id ? await FindAsync(id, ask.IsBridge ? "bridge" : "levee", cancel).ConfigureAwait(false) : null;
        LeveeLine? levee = asset is not null && !ask.IsBridge
            ? LedgerAsset.From(asset).Levee((await features.AllAsync(FieldTables.Assets, ("kind", "mark"), cancel).ConfigureAwait(false)).Select(LedgerAsset.From))
            : null;
        RouteRequest request = await KeptNoFly.AddAsync(ask.IsBridge ? Bridge(ask, asset) : Levee(ask, asset, levee), features, time, cancel).ConfigureAwait(false);
        return await _turn.RunAsync(
            () => Task.Run(() => Plan(request, cancel) with { Asset = asset, Levee = levee }, cancel),
            () => new RouteAskException(StatusCodes.Status503ServiceUnavailable, RouteError.Busy),
            cancel).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>By the planner of its kind.</summary>
    public static RoutePlan PlanOf(RouteRequest request, CancellationToken cancel) =>
        request is BridgeRouteRequest bridge ? BridgePlanner.Plan(bridge, cancel) : LeveePlanner.Plan((LeveeRouteRequest)request, cancel);

    private static RoutePlanned Plan(RouteRequest request, CancellationToken cancel)
    {
        RoutePlan plan = PlanOf(request, cancel);
        cancel.ThrowIfCancellationRequested();
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
            errors.Add(RouteError.NoRiverSide);
        }

        if (line is null || errors.Count > 0)
        {
            throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, errors);
        }

        LeveeRouteRequest request = ask.Values.Levee(line, ask.Ground);
        return request with { OffsetM = request.OffsetM * direction, Levee = ask.Line is null ? levee : null };
    }

    /// <summary>The levee's line, or what of it lies between two distance marks.</summary>
    private static IReadOnlyList<LonLat>? Part(RouteAsk ask, Feature? asset, LeveeLine? levee, List<RouteError> errors)
    {
        if (levee is null)
        {
            errors.Add(RouteError.NoLeveeLine(Name(asset)));
            return null;
        }

        if (ask.Km is (null, null))
        {
            return levee.Line.Between(0, levee.Line.LengthM);
        }

        if (levee.Range is not var (low, high))
        {
            errors.Add(RouteError.NoMarks);
            return null;
        }

        double?[] ends = [Chainage("fromKm", ask.Km.From ?? low), Chainage("toKm", ask.Km.To ?? high)];
        if (ends is not [{ } from, { } to])
        {
            return null;
        }

        if (Math.Abs(from - to) < 1)
        {
            errors.Add(RouteError.NoRange);
            return null;
        }

        return levee.Line.Between(Math.Min(from, to), Math.Max(from, to));

        double? Chainage(string member, double km)
        {
            if (levee.PlaceOf(km) is { } place)
            {
                return levee.Line.Nearest(place).ChainageM;
            }

            errors.Add(RouteError.NotOnLevee(member, km, low, high));
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
            throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, drawn is null ? RouteError.NoBridgeShape : RouteError.DeckWidthNeeded);
        }

        IReadOnlyList<LonLat> axis = drawn ?? BridgeShape.AxisOf(outline) ?? throw new RouteAskException(StatusCodes.Status422UnprocessableEntity, RouteError.EmptyOutline);
        return ask.Values.Bridge(axis, outline, ask.Beside, ask.Under);
    }

    private async Task<Feature> FindAsync(string id, string kind, CancellationToken cancel)
    {
        Feature asset = await features.FindAsync(FieldTables.Assets, id, cancel).ConfigureAwait(false)
            ?? throw new RouteAskException(StatusCodes.Status404NotFound, RouteError.NoAsset(id));
        return asset.Text("kind") == kind
            ? asset
            : throw new RouteAskException(StatusCodes.Status400BadRequest, RouteError.OtherKind(id, asset.Text("kind"), kind));
    }

    private static string Name(Feature? asset) => asset?.Text("name") ?? asset?.Id ?? "";
}
