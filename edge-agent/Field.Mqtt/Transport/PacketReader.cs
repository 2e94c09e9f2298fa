using System.Buffers;
using System.IO.Pipelines;
using Field.Mqtt.Codec;

namespace Field.Mqtt.Transport;

/// <summary>Packets from a pipe, in order. One reader at a time; several packets per read cost one read.</summary>
internal sealed class PacketReader(PipeReader input, int maxPacketBytes)
{
    private ReadOnlySequence<byte> _buffer;
    private bool _holds;
    private volatile bool _isInsidePacket;

    /// <summary>The version of the connection; set once CONNECT is known.</summary>
    public MqttProtocolVersion Version { get; set; } = MqttProtocolVersion.V311;

    /// <summary>Bytes taken from the connection so far.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>True while the peer has sent a part of a packet and the rest is awaited; readable from any thread.</summary>
    public bool IsInsidePacket => _isInsidePacket;

    /// <summary>The next packet, or null at the end of the stream.</summary>
    /// <exception cref="MalformedPacketException">The peer breaks the grammar or a limit, or the stream ends inside a packet.</exception>
    public ValueTask<Packet?> ReadAsync(CancellationToken cancellationToken) =>
        _holds && PacketDecoder.TryRead(ref _buffer, Version, maxPacketBytes, out Packet? packet) ? new(packet) : ReadMoreAsync(cancellationToken);

    private async ValueTask<Packet?> ReadMoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            long left = 0;
            if (_holds)
            {
                _holds = false;
                left = _buffer.Length;
                input.AdvanceTo(_buffer.Start, _buffer.End);
            }

            _isInsidePacket = left > 0;
            ReadResult result = await input.ReadAsync(cancellationToken);
            _isInsidePacket = false;
            _buffer = result.Buffer;
            ReceivedBytes += _buffer.Length - left;
            _holds = true;
            if (PacketDecoder.TryRead(ref _buffer, Version, maxPacketBytes, out Packet? packet))
            {
                return packet;
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                return _buffer.IsEmpty ? null : throw MalformedPacketException.Malformed("the connection ended inside a packet");
            }
        }
    }
}
