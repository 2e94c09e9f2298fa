using Field.Geo;
using Field.Geo.Linear;
using Field.Store;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Assets;

/// <summary>Levees of the ledger as lines with distance marks.</summary>
public static class LeveeAssets
{
    /// <summary>The levee, with the kilometres at its ends or else the marks of its river and bank.</summary>
    /// <param name="levee">Its geometry is a line.</param>
    /// <param name="marks">Assets of kind <c>mark</c>; those of other rivers and banks are left out.</param>
    public static LeveeLine LineOf(Feature levee, IEnumerable<Feature> marks)
    {
        ArgumentNullException.ThrowIfNull(levee);
        Bank? bank = MarkText.ParseBank(levee.Text("bank"));
        string river = levee.Text("river") ?? "";
        LineString line = (LineString)levee.Geometry!;
        return levee.Real("startKm") is { } start && levee.Real("endKm") is { } end
            ? LeveeLine.WithEnds(levee.Id, river, bank, line, start, end)
            : LeveeLine.WithMarks(levee.Id, river, bank, line, marks
                .Where(m => (m.Text("river") ?? "") == river && (m.Text("bank") is null || m.Text("bank") == levee.Text("bank")))
                .Where(m => m.Real("km") is not null && m.Geometry is Point)
                .Select(m => new DistanceMark(m.Real("km")!.Value, new LonLat(m.Geometry!.Coordinate.X, m.Geometry.Coordinate.Y))));
    }
}
