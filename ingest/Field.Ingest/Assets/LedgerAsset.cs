using Field.Geo;
using Field.Geo.Linear;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Assets;

/// <summary>An asset of the ledger with what names places by it: a row of the store, or of a file that <c>assets export</c> wrote.</summary>
/// <param name="Id">Its assetId.</param>
/// <param name="Kind">One of SPEC.md section 8; empty when a file does not say.</param>
/// <param name="Geometry">lon, lat; null when the ledger has none.</param>
public sealed record LedgerAsset(string Id, string Kind, Geometry? Geometry)
{
    /// <summary>What the ledger calls it.</summary>
    public string? Name { get; init; }

    /// <summary>Its number in the ledger.</summary>
    public string? LedgerId { get; init; }

    /// <summary>Of an element: the id of its bridge.</summary>
    public string? Parent { get; init; }

    /// <summary>Name of the river.</summary>
    public string? River { get; init; }

    /// <summary>Its bank.</summary>
    public Bank? Bank { get; init; }

    /// <summary>Of a mark: kilometres from the mouth.</summary>
    public double? Km { get; init; }

    /// <summary>Of a levee: kilometres at the first vertex.</summary>
    public double? StartKm { get; init; }

    /// <summary>Of a levee: kilometres at the last vertex.</summary>
    public double? EndKm { get; init; }

    /// <summary>What people call it.</summary>
    public string Title => Name ?? LedgerId ?? Id;

    /// <summary>Of a row of the store.</summary>
    public static LedgerAsset From(Feature row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new LedgerAsset(row.Id, row.Text("kind") ?? "", row.Geometry)
        {
            Name = row.Text("name"),
            LedgerId = row.Text("ledgerId"),
            Parent = row.Text("parent"),
            River = row.Text("river"),
            Bank = MarkText.ParseBank(row.Text("bank")),
            Km = row.Real("km"),
            StartKm = row.Real("startKm"),
            EndKm = row.Real("endKm"),
        };
    }

    /// <summary>It as a levee line, with the kilometres at its ends or else the marks of its river and bank; null when its geometry is no line.</summary>
    /// <param name="marks">Assets, of which those with kilometres at a point are marks; those of other rivers and banks are left out.</param>
    public LeveeLine? Levee(IEnumerable<LedgerAsset> marks)
    {
        if (Geometry is not LineString { Length: > 0 } line)
        {
            return null;
        }

        string river = River ?? "";
        return StartKm is { } start && EndKm is { } end
            ? LeveeLine.WithEnds(Id, river, Bank, line, start, end)
            : LeveeLine.WithMarks(Id, river, Bank, line, marks
                .Where(m => m is { Geometry: Point, Km: not null } && m.River == River && (m.Bank is null || m.Bank == Bank))
                .Select(m => new DistanceMark(m.Km!.Value, new LonLat(m.Geometry!.Coordinate.X, m.Geometry.Coordinate.Y))));
    }
}
