using System.Text;
using Field.Contracts.Tracks;
using Field.Harness;

namespace Field.Bench.Fuzz;

/// <summary>Flight records that lie on a stranger's card.</summary>
internal static class TrackTargets
{
    private const string Newest =
        "1\n00:00:00,000 --> 00:00:00,033\n2024-05-11 09:30:00.500\n[latitude: 35.1] [longitude: 139.2] [rel_alt: 30.2 abs_alt: 41.7] [gb_yaw: -9.5 gb_pitch: -90.0 gb_roll: 0.1]\n\n";

    private const string Older =
        "2\r\n00:00:01,000 --> 00:00:02,000\r\nHOME(149.0251,-20.2532) 2017.8.5 14:11:51\r\nGPS(149.0251,-20.2533,16) Hb:1.9\r\nF.PRY (2.7°, -7.0°, 110.1°), G.PRY (-24.4°, 0.0°, 110.4°)\r\n\r\n";

    private const int HeadBytes = 96 * 1024;

    public static IEnumerable<FuzzTarget> All()
    {
        yield return new FuzzTarget("srt", [Encoding.UTF8.GetBytes(Newest + Older), .. Real("dji_srt", "p4_rtk.SRT", "matrice_300.srt")], b =>
        {
            using StreamReader reader = new(new MemoryStream(b));
            return SrtTrack.Parse(reader, TimeSpan.FromHours(9)).Points.Count > 0;
        })
        {
            Form = InputForm.Binary,
            AllocatedBytes = 512 * 1024,
            AllocatedPerByte = 256,
        };
        yield return new FuzzTarget("ulog", [Ulog(), .. Real("px4_ulog", "sample_log_small.ulg")], b => UlogReader.Read(new MemoryStream(b)).DataCounts.Count > 0)
        {
            Form = InputForm.Binary,
            AllocatedBytes = 1024 * 1024,
            AllocatedPerByte = 256,
        };
    }

    private static byte[] Ulog()
    {
        using MemoryStream log = new();
        log.Write([0x55, 0x4C, 0x6F, 0x67, 0x01, 0x12, 0x35, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
        void Add(char type, byte[] body) => log.Write([(byte)body.Length, (byte)(body.Length >> 8), (byte)type, .. body]);
        Add('F', Encoding.ASCII.GetBytes("sensor_gps:uint64_t timestamp;uint64_t time_utc_usec;double latitude_deg;double longitude_deg;uint8_t fix_type;"));
        Add('A', [0, 7, 0, .. "sensor_gps"u8]);
        for (long i = 1; i < 4; i++)
        {
            Add('D', [7, 0, .. BitConverter.GetBytes(i * 1_000_000), .. BitConverter.GetBytes(1_770_000_000_000_000 + (i * 1_000_000)), .. BitConverter.GetBytes(35.3), .. BitConverter.GetBytes(139.9), 3]);
            Add('S', [0x2F, 0x73, 0x13, 0x20, 0x25, 0x0C, 0xBB, 0x12]);
        }

        return log.ToArray();
    }

    /// <summary>Beginnings of real records, where the shared data lies beside the checkout.</summary>
    private static IEnumerable<byte[]> Real(string folder, params string[] files)
    {
        string root = Path.Combine(Environment.GetEnvironmentVariable("FIELD_SHARED") ?? Path.Combine(Checkout.Root, "..", "shared"), "data", "iot", folder);
        return files.Select(f => Path.Combine(root, f)).Where(File.Exists).Select(f => File.ReadAllBytes(f)[..(int)Math.Min(HeadBytes, new FileInfo(f).Length)]);
    }
}
