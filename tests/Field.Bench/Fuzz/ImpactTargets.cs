using System.Buffers.Binary;
using System.Text;
using Field.Geo.Impact;
using Field.MapApp.Impact;

namespace Field.Bench.Fuzz;

/// <summary>Files that an office hands over: a register of residents, and geometries of layers.</summary>
internal static class ImpactTargets
{
    private const string Register =
        "lon,lat,household,people,age65,needsSupport,note\r\n138.23700005,34.8,0012,3,1,0,\"a, \"\"b\"\"\r\nc\"\r\n138.25,34.81,12,,,1,\r\n,,13,2,0,0,\r\n1.3825e2,-34.123456789012345678,A-1,1,1,1,x\r\n";

    private const string Ages = "経度,緯度,年齢,synthetic\n138.2,34.8,64,1\n138.3,34.9,65,1\n";

    public static IEnumerable<FuzzTarget> All()
    {
        yield return new FuzzTarget("residents", [Encoding.UTF8.GetBytes(Register), Encoding.UTF8.GetBytes(Ages)], b => ResidentFile.Parse(b, "r.csv", 6676, 1).Points.Count > 0)
        {
            Form = InputForm.Binary,
            Refuses = e => e is ImpactException,
            AllocatedBytes = 256 * 1024,
            AllocatedPerByte = 256,
        };
        yield return new FuzzTarget("wkb-polygons", [Polygon(0, 2), Polygon(1000, 3)], b =>
        {
            PolygonSetBuilder builder = new(PolygonOrder.Highest);
            WkbOutcome outcome = WkbPolygons.Add(builder, b, 1);
            _ = builder.Build().First(138.5, 34.5);
            return outcome == WkbOutcome.Added;
        })
        {
            Form = InputForm.Binary,
            AllocatedBytes = 256 * 1024,
            AllocatedPerByte = 256,
        };
    }

    /// <summary>A multi-polygon of one square with a hole.</summary>
    private static byte[] Polygon(int dimensionCode, int dimensions)
    {
        List<byte> wkb = [];
        void Int(int value)
        {
            byte[] four = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(four, value);
            wkb.AddRange(four);
        }

        wkb.Add(1);
        Int(6 + dimensionCode);
        Int(1);
        wkb.Add(1);
        Int(3 + dimensionCode);
        Int(2);
        foreach (double size in (double[])[1, 0.25])
        {
            Int(5);
            foreach ((double x, double y) in ((double, double)[])[(0, 0), (size, 0), (size, size), (0, size), (0, 0)])
            {
                foreach (double number in new[] { 138.1 + x, 34.1 + y, 7.0 }.Take(dimensions))
                {
                    wkb.AddRange(BitConverter.GetBytes(number));
                }
            }
        }

        return [.. wkb];
    }
}
